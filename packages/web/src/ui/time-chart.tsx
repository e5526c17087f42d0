import { lazy, Suspense } from "react";
import { Skeleton } from "./skeleton.tsx";

export interface ChartSeries {
  label: string;
  /** A CSS colour that canvas understands. */
  colour: string;
  values: (number | null)[];
  shape: "line" | "area" | "bars";
}

export interface TimeChartProps {
  /** What the chart shows, for those who cannot see it. */
  label: string;
  /** Epoch seconds, ascending. */
  times: number[];
  series: ChartSeries[];
  height: number;
  format: (value: number) => string;
}

/** The chart library is fetched when the first chart is drawn. */
const Canvas = lazy(() => import("./time-chart-canvas.tsx"));

export function TimeChart(props: TimeChartProps) {
  return (
    <figure aria-label={props.label} style={{ height: props.height }}>
      <Suspense fallback={<Skeleton className="h-full" />}>
        <Canvas {...props} />
      </Suspense>
    </figure>
  );
}
