/** What the runtime needs to know of an application; `host/product.ts` derives it from the product's declarations. */
export interface Topology {
  functions: Record<string, FunctionSettings>;
  queues: QueueConsumer[];
  schedules: Record<string, { expression: string; function: string }>;
  http: { paths: readonly string[]; function: string };
  socket: { routes: readonly string[]; function: string };
}

export interface FunctionSettings {
  /** Path from the root folder and the exported name, as Lambda writes it: `packages/x/src/y.handler`. */
  handler: string;
  timeoutSeconds: number;
  memoryMb: number;
  /** Files below the root folder that lie beside the function's code, as at the root of its package in the cloud. */
  files?: readonly string[];
}

export interface QueueConsumer {
  /** Physical names, as in a queue's URL. */
  name: string;
  deadLetterName: string;
  function: string;
  batchSize: number;
  windowSeconds: number;
  maxConcurrency: number;
  visibilityTimeoutSeconds: number;
  maxReceiveCount: number;
  /** Somebody looks at a page and waits for it: its batches are light, and wait for no other queue's. */
  isAwaited?: boolean;
}

/** Invokes a function by its name and gives its answer; rejects with an `InvocationError`. */
export type Invoke = (functionName: string, event: unknown) => Promise<unknown>;

/** Why an invocation has no answer. `code` is Lambda's error type, e.g. `Sandbox.Timedout`, `Runtime.ExitError`. */
export class InvocationError extends Error {
  override readonly name = "InvocationError";
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** `packages/x/src/y.handler` -> file `packages/x/src/y`, export `handler`. */
export function parseHandler(handler: string): { file: string; exportName: string } {
  const dot = handler.lastIndexOf(".");
  if (dot <= 0) throw new Error(`A handler is written as path.export, not "${handler}".`);
  return { file: handler.slice(0, dot), exportName: handler.slice(dot + 1) };
}
