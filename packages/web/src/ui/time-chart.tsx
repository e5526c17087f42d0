import { lazy, Suspense } from "react";
import { Skeleton } from "./skeleton.tsx";
import type { TimeChartProps } from "./time-chart-canvas.tsx";

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
