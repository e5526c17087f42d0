import { randomUUID } from "node:crypto";
import { Worker } from "node:worker_threads";
import type { ClockOffset } from "./simulated-clock.ts";
import { InvocationError } from "./topology.ts";
import type { Invocation, WorkerData, WorkerMessage } from "./worker-protocol.ts";

/** Lambda's limit on a synchronous answer. */
const answerLimitBytes = 6 * 1024 * 1024;

/**
 * Without a limit a worker of a machine with much memory lets garbage grow to four times of what it needs, since it goes by
 * the machine's size. An import of 100,000 assets fits (the browser tests do one); one that does need more ends the worker, and
 * its messages come back.
 */
const heapLimits = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 24 };

/** A function ready to run: its settings and the module that was built from it. */
export interface BuiltFunction {
  name: string;
  module: string;
  exportName: string;
  timeoutSeconds: number;
  memoryMb: number;
}

export interface InvocationReport {
  functionName: string;
  requestId: string;
  durationMs: number;
  error?: InvocationError;
}

export interface WorkerPoolOptions {
  workerFile: string;
  functions: BuiltFunction[];
  env: Record<string, string>;
  clock: ClockOffset;
  onLog: (functionName: string, stream: "stdout" | "stderr", text: string) => void;
  onReport: (report: InvocationReport) => void;
}

export interface WorkerPool {
  invoke(functionName: string, event: unknown): Promise<unknown>;
  /** Sends new invocations to a fresh worker with this build; the old one ends when its last invocation has. */
  reload(workerFile: string, functions: BuiltFunction[]): void;
  close(): Promise<void>;
}

interface Pending {
  resolve: (value: unknown) => void;
  reject: (error: InvocationError) => void;
  timer: NodeJS.Timeout;
}

interface Thread {
  worker: Worker;
  pending: Map<string, Pending>;
  retired: boolean;
}

/** One worker thread that runs many invocations at once, replaced when it crashes or when one of them hangs. */
export function createWorkerPool(options: WorkerPoolOptions): WorkerPool {
  let { workerFile } = options;
  let functions = new Map(options.functions.map((each) => [each.name, each]));
  const threads = new Set<Thread>();
  let current: Thread | undefined;
  let closed = false;

  function start(): Thread {
    const data: WorkerData = {
      clock: options.clock,
      preload: [...new Set([...functions.values()].map((each) => each.module))],
    };
    const worker = new Worker(workerFile, {
      workerData: data,
      env: options.env,
      name: "lambda",
      execArgv: [],
      resourceLimits: heapLimits,
    });
    const thread: Thread = { worker, pending: new Map(), retired: false };
    threads.add(thread);
    worker.on("message", (message: WorkerMessage) => receive(thread, message));
    worker.on("error", (error) => end(thread, error));
    worker.on("exit", (code) => end(thread, new Error(`the worker exited with code ${code}`)));
    return thread;
  }

  function receive(thread: Thread, message: WorkerMessage): void {
    if (message.kind === "log") {
      options.onLog(message.functionName, message.stream, message.text);
      return;
    }
    const pending = thread.pending.get(message.id);
    if (!pending) return;
    forget(thread, message.id);
    if (message.kind === "failure") {
      const error = new InvocationError(message.code, message.message);
      if (message.stack) error.stack = message.stack;
      pending.reject(error);
    } else if (Buffer.byteLength(message.result) > answerLimitBytes) {
      const text = `The answer is larger than ${answerLimitBytes} bytes, which Lambda refuses.`;
      pending.reject(new InvocationError("Function.ResponseSizeTooLarge", text));
    } else pending.resolve(JSON.parse(message.result));
  }

  function forget(thread: Thread, id: string): void {
    clearTimeout(thread.pending.get(id)?.timer);
    thread.pending.delete(id);
    if (thread.retired && thread.pending.size === 0) void thread.worker.terminate();
  }

  function end(thread: Thread, cause: unknown): void {
    threads.delete(thread);
    if (current === thread) current = undefined;
    const reason = cause instanceof Error ? cause.message : String(cause);
    for (const [id, pending] of thread.pending) {
      clearTimeout(pending.timer);
      thread.pending.delete(id);
      pending.reject(new InvocationError("Runtime.ExitError", `The runtime ended: ${reason}`, { cause }));
    }
  }

  /** Lambda throws the whole environment away after a time-out; whatever still runs in it must not go on. */
  function retire(thread: Thread): void {
    thread.retired = true;
    if (current === thread) current = undefined;
    if (thread.pending.size === 0) void thread.worker.terminate();
  }

  function dispatch(target: BuiltFunction, id: string, event: unknown): Promise<unknown> {
    current ??= start();
    const thread = current;
    return new Promise((resolve, reject) => {
      const expire = () => {
        thread.pending.delete(id);
        retire(thread);
        reject(new InvocationError("Sandbox.Timedout", `Task timed out after ${target.timeoutSeconds} seconds`));
      };
      thread.pending.set(id, { resolve, reject, timer: setTimeout(expire, target.timeoutSeconds * 1000) });
      const invocation: Invocation = {
        id,
        functionName: target.name,
        module: target.module,
        exportName: target.exportName,
        event: JSON.stringify(event),
        timeoutMs: target.timeoutSeconds * 1000,
        memoryMb: target.memoryMb,
      };
      thread.worker.postMessage(invocation);
    });
  }

  async function invoke(functionName: string, event: unknown): Promise<unknown> {
    const target = functions.get(functionName);
    if (!target) throw new InvocationError("ResourceNotFoundException", `There is no function ${functionName}.`);
    if (closed) throw new InvocationError("Runtime.ExitError", "The host is shutting down.");
    const requestId = randomUUID();
    const startedAt = performance.now();
    const report = (error?: InvocationError) => {
      const durationMs = Math.round((performance.now() - startedAt) * 100) / 100;
      options.onReport({ functionName, requestId, durationMs, ...(error ? { error } : {}) });
    };
    try {
      const answer = await dispatch(target, requestId, event);
      report();
      return answer;
    } catch (error) {
      if (error instanceof InvocationError && !closed) report(error);
      throw error;
    }
  }

  current = start();
  return {
    invoke,
    reload: (file, built) => {
      workerFile = file;
      functions = new Map(built.map((each) => [each.name, each]));
      if (current) retire(current);
      current = start();
    },
    close: async () => {
      closed = true;
      await Promise.all([...threads].map((thread) => thread.worker.terminate()));
    },
  };
}
