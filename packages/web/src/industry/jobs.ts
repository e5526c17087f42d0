/** ESI leaves a job `active` after its end until somebody delivers it. */
export type JobPhase = "running" | "ready" | "paused" | "over";

export function phaseOf(status: string | undefined, endMs: number | undefined, nowMs: number): JobPhase {
  if (status === "ready") return "ready";
  if (status === "paused") return "paused";
  if (status !== "active") return "over";
  return endMs !== undefined && endMs <= nowMs ? "ready" : "running";
}

/** How far a job is, from 0 to 1. */
export function progressOf(startMs: number, endMs: number, nowMs: number): number {
  if (endMs <= startMs) return 1;
  return Math.max(0, Math.min(1, (nowMs - startMs) / (endMs - startMs)));
}
