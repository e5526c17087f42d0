import { bundleFunctions } from "../runtime/bundle.ts";
import { createFunctionLogs, createJoinedLogs, type FunctionLogs } from "../runtime/function-log.ts";
import { rotatedFile, standardOutput } from "../runtime/log-target.ts";
import type { ClockOffset } from "../runtime/simulated-clock.ts";
import type { Invoke, Topology } from "../runtime/topology.ts";
import { type BuiltFunction, createWorkerPool } from "../runtime/worker-pool.ts";
import { tellErrors } from "./console.ts";

export interface FunctionsOptions {
  topology: Topology;
  root: string;
  buildDir: string;
  /** Each function's lines in a file of its own. */
  logDir: string;
  /** All functions' lines in one file instead, or with `-` on this process's output. */
  logFile: string | undefined;
  clock: ClockOffset;
  watch: boolean;
  say: (line: string) => void;
}

export interface Functions {
  /** Starts the workers; the environment is known only once every server has its address. */
  run(env: Record<string, string>): { invoke: Invoke; renew(): void; close(): Promise<void> };
  close(): Promise<void>;
}

function openLogs({ logDir, logFile, say }: FunctionsOptions): FunctionLogs {
  const onError = tellErrors(say);
  if (logFile === undefined) return createFunctionLogs(logDir, onError);
  // Who reads the output has each error there already.
  if (logFile === "-") return createJoinedLogs(standardOutput, () => undefined);
  return createJoinedLogs(rotatedFile(logFile), onError);
}

/** Builds the handlers and runs them: those that people wait for in one worker, queues and schedules in another. */
export async function buildFunctions(options: FunctionsOptions): Promise<Functions> {
  const { topology, root, buildDir, clock, watch, say } = options;
  const logs = openLogs(options);
  const interactive = new Set([topology.http.function, topology.socket.function]);
  const split = (functions: BuiltFunction[], front: boolean) =>
    functions.filter(({ name }) => interactive.has(name) === front);
  let reload: ((workerFile: string, functions: BuiltFunction[]) => void) | undefined;
  const builder = await bundleFunctions({
    root,
    outDir: buildDir,
    functions: topology.functions,
    onError: (messages) => say(`The functions do not build: ${messages.join("; ")}`),
    ...(watch
      ? {
          onRebuild: (bundle) => {
            reload?.(bundle.workerFile, bundle.functions);
            say("functions rebuilt");
          },
        }
      : {}),
  });
  const { workerFile, functions } = builder.bundle;

  return {
    run: (env) => {
      const start = (front: boolean) =>
        createWorkerPool({
          workerFile,
          functions: split(functions, front),
          env: { ...env, LAMBDA_TASK_ROOT: buildDir },
          clock,
          onLog: logs.write,
          onReport: logs.report,
        });
      const pools = { front: start(true), back: start(false) };
      reload = (file, built) => {
        pools.front.reload(file, split(built, true));
        pools.back.reload(file, split(built, false));
      };
      return {
        // What is running goes on to its end; what comes next begins with nothing in memory.
        renew: () => reload?.(builder.bundle.workerFile, builder.bundle.functions),
        invoke: (name, event) => (interactive.has(name) ? pools.front : pools.back).invoke(name, event),
        close: async () => {
          await Promise.all([pools.front.close(), pools.back.close()]);
        },
      };
    },
    close: async () => {
      await builder.close();
      await logs.close();
    },
  };
}
