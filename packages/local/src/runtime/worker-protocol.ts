import type { ClockOffset } from "./simulated-clock.ts";

/** What a worker thread is born with. */
export interface WorkerData {
  clock: ClockOffset;
  /** Handler modules to load at once, so that no one waits for them later. */
  preload: string[];
}

/** Host to worker. Events travel as JSON, as they do to Lambda. */
export interface Invocation {
  id: string;
  functionName: string;
  module: string;
  exportName: string;
  event: string;
  timeoutMs: number;
  memoryMb: number;
}

/** Worker to host. */
export type WorkerMessage =
  | { kind: "answer"; id: string; result: string }
  | { kind: "failure"; id: string; code: string; message: string; stack?: string }
  | { kind: "log"; functionName: string; stream: "stdout" | "stderr"; text: string };
