import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";

export interface CommandOptions {
  cwd?: string;
  env?: Record<string, string | undefined>;
  /** Where its output goes; the end of it is shown if it fails. */
  log: string;
  timeoutSeconds: number;
}

/** Ends a process and all that it started: each command leads a group of its own. */
export function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGTERM");
  } catch {
    // It has ended by itself.
  }
}

/** Starts a command as the leader of a process group, with its output in a file. */
export function start(command: string, args: string[], options: Omit<CommandOptions, "timeoutSeconds">): ChildProcess {
  const child = spawn(command, args, {
    ...(options.cwd ? { cwd: options.cwd } : {}),
    env: options.env ?? process.env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log = createWriteStream(options.log, { flags: "a" });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  child.once("close", () => log.end());
  return child;
}

/** Runs a command to its end; its output. Throws with the last lines if it fails or takes too long. */
export async function run(command: string, args: string[], options: CommandOptions): Promise<string> {
  const child = start(command, args, options);
  let output = "";
  const keep = (chunk: Buffer) => {
    output += chunk;
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  const timer = setTimeout(() => endGroup(child), options.timeoutSeconds * 1000);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  }).finally(() => clearTimeout(timer));
  if (code === 0) return output;
  const tail = output.trim().split("\n").slice(-15).join("\n");
  throw new Error(
    `${command} ${args.join(" ")} ended with ${code ?? "a signal"}; all of it in ${options.log}\n${tail}`,
  );
}
