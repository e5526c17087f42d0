import { useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { formatDate } from "./format.ts";

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

const AXIS = "oklch(0.6 0.015 260)";
const GRID = "oklch(0.26 0.012 260)";
const FONT = "11px 'Inter Variable', system-ui, sans-serif";

export default function TimeChartCanvas({ times, series, height, format }: TimeChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<{ index: number; left: number } | null>(null);
  // The axis wants the newest formatter, but a new function alone must not rebuild the chart.
  const print = useRef(format);
  print.current = format;

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const chart = new uPlot(
      options(element, series, height, print, setAt),
      [times, ...series.map((one) => one.values)],
      element,
    );
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
  }, [times, series, height]);

  const time = at ? times[at.index] : undefined;
  const atRight = at !== null && at.left > (box.current?.clientWidth ?? 0) / 2;
  return (
    <div ref={box} className="relative">
      {at && time !== undefined ? (
        <div
          style={atRight ? { right: (box.current?.clientWidth ?? 0) - at.left + 12 } : { left: at.left + 12 }}
          className="pointer-events-none absolute top-2 z-10 rounded-md bg-raised/95 px-2.5 py-1.5 text-xs shadow-float"
        >
          <div className="nums text-faint">{formatDate(time * 1000)}</div>
          {series.map((one) => (
            <div key={one.label} className="flex items-center gap-2">
              <span className="size-1.5 rounded-full" style={{ background: one.colour }} />
              <span className="text-muted">{one.label}</span>
              <span className="nums ml-auto pl-3 text-ink">{format(one.values[at.index] ?? 0)}</span>
            </div>
          ))}
        </div>
      ) : null}
    </div>
  );
}

function options(
  element: HTMLElement,
  series: ChartSeries[],
  height: number,
  print: { current: (value: number) => string },
  onCursor: (at: { index: number; left: number } | null) => void,
): uPlot.Options {
  return {
    width: element.clientWidth,
    height,
    legend: { show: false },
    padding: [8, 8, 0, 0],
    // EVE time is UTC.
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "UTC"),
    cursor: { y: false, drag: { setScale: false }, points: { size: 6 } },
    scales: {
      x: { range: (_chart, first, last) => xRange(first, last) },
      y: { range: (_chart, least, most) => yRange(least, most) },
    },
    axes: [
      { stroke: AXIS, font: FONT, grid: { show: false }, ticks: { show: false }, size: 28, values: dayLabels },
      {
        stroke: AXIS,
        font: FONT,
        grid: { stroke: GRID, width: 1 },
        ticks: { show: false },
        size: 62,
        space: 24,
        values: (_chart, ticks) => ticks.map((tick) => print.current(tick)),
      },
    ],
    series: [{}, ...series.map(draw)],
    hooks: {
      setCursor: [
        ({ cursor, over }) => {
          const { idx, left = -1 } = cursor;
          onCursor(idx === null || idx === undefined || left < 0 ? null : { index: idx, left: left + over.offsetLeft });
        },
      ],
    },
  };
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function dayLabels(_chart: uPlot, seconds: number[]): string[] {
  return seconds.map((second) => {
    const date = new Date(second * 1000);
    return `${date.getUTCDate()} ${months[date.getUTCMonth()]}`;
  });
}

const DAY_SECONDS = 86_400;

/** Half a day more at each end, so that the first and the last bar are whole and charts above each other line up. */
function xRange(first: number, last: number): [number, number] {
  return [first - DAY_SECONDS / 2, last + DAY_SECONDS / 2];
}

/** Balances are read against zero; the line of a chart that begins elsewhere exaggerates every change. */
function yRange(least: number | null, most: number | null): [number, number] {
  const low = Math.min(0, least ?? 0);
  const high = Math.max(0, most ?? 0);
  const room = (high - low) * 0.08 || 1;
  return [low < 0 ? low - room : 0, high > 0 ? high + room : 0];
}

function draw({ label, colour, shape }: ChartSeries): uPlot.Series {
  if (shape === "bars") {
    const bars = uPlot.paths.bars?.({ size: [0.62, 18], radius: 0.15 });
    return { label, fill: colour, width: 0, points: { show: false }, ...(bars ? { paths: bars } : {}) };
  }
  return {
    label,
    stroke: colour,
    width: 1.75,
    points: { show: false },
    ...(shape === "area" ? { fill: colour.replace(/\)$/, " / 0.14)") } : {}),
  };
}
