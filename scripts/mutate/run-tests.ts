import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Answer, Ask } from "./runner.ts";

export type Outcome = Answer | "timeout";

export interface Runner {
  run(ask: Ask, timeoutMs: number): Promise<Outcome>;
  close(): void;
}

/** Ends a run with its workers and embedded servers: they are one process group. */
function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** Runs tests of a checkout in a process of its own, which a test without end takes with it. */
export function startRunner(root: string, mode: "plain" | "marked", env: Record<string, string> = {}): Runner {
  const script = fileURLToPath(new URL("runner.ts", import.meta.url));
  let child: ChildProcess | undefined;

  async function started(): Promise<ChildProcess> {
    if (child?.connected) return child;
    child = spawn(process.execPath, ["--import", "tsx", script, root, mode], {
      cwd: root,
      detached: true,
      env: { ...process.env, ...env },
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    await once(child, "message");
    return child;
  }

  function close(): void {
    endGroup(child?.pid);
    child = undefined;
  }

  return {
    close,
    async run(ask, timeoutMs) {
      const process_ = await started();
      const outcome = await new Promise<Outcome>((resolve) => {
        const timer = setTimeout(() => resolve("timeout"), timeoutMs);
        const answered = (answer: Outcome) => {
          clearTimeout(timer);
          process_.removeAllListeners();
          resolve(answer);
        };
        process_.once("message", (answer: Answer) => answered(answer));
        process_.once("exit", () => answered({ passed: false, by: { file: ask.file, name: "the run itself broke" } }));
        process_.send(ask);
      });
      if (outcome === "timeout") close();
      return outcome;
    },
  };
}
