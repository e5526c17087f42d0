/** The Lambda runtime of one worker thread: loads handlers, runs invocations side by side, passes their output on. */
import { AsyncLocalStorage } from "node:async_hooks";
import { inspect } from "node:util";
import { parentPort, workerData } from "node:worker_threads";
import { lambdaContext } from "./lambda-context.ts";
import { installSimulatedClock } from "./simulated-clock.ts";
import type { Invocation, WorkerData, WorkerMessage } from "./worker-protocol.ts";

type Handler = (event: unknown, context: unknown) => unknown;

const port = parentPort;
if (!port) throw new Error("This file runs as a worker thread of the local host.");
const { clock, preload } = workerData as WorkerData;
const post = (message: WorkerMessage) => port.postMessage(message);

installSimulatedClock(clock);

const running = new AsyncLocalStorage<string>();
for (const stream of ["stdout", "stderr"] as const) {
  process[stream].write = ((chunk: string | Uint8Array, encoding?: unknown, done?: unknown) => {
    const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
    post({ kind: "log", functionName: running.getStore() ?? "runtime", stream, text });
    const callback = typeof encoding === "function" ? encoding : done;
    if (typeof callback === "function") callback();
    return true;
  }) as typeof process.stdout.write;
}

async function load({ module, exportName }: Invocation): Promise<Handler> {
  const loaded = (await import(module)) as Record<string, unknown>;
  const handler = loaded[exportName];
  if (typeof handler !== "function") {
    throw Object.assign(new Error(`${exportName} is not exported by ${module}`), { name: "Runtime.HandlerNotFound" });
  }
  return handler as Handler;
}

async function run(invocation: Invocation): Promise<void> {
  const { id } = invocation;
  try {
    const handler = await load(invocation);
    const result = await handler(JSON.parse(invocation.event), lambdaContext(invocation));
    post({ kind: "answer", id, result: JSON.stringify(result ?? null) });
  } catch (error) {
    const cause = error instanceof Error ? error : new Error(inspect(error));
    post({ kind: "failure", id, code: cause.name, message: cause.message, stack: inspect(cause) });
  }
}

// As in Lambda, a rejection that nobody handles ends the process; the pool fails what was running and starts anew.
process.on("unhandledRejection", (reason) => {
  throw reason;
});

port.on("message", (invocation: Invocation) => {
  void running.run(invocation.functionName, () => run(invocation));
});

for (const module of preload) {
  // A broken module is reported by its first invocation.
  import(module).catch(() => undefined);
}
