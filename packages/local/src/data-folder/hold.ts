import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

/**
 * Stops a process until standard input closes. The kernel closes it also when this process is killed: nothing stays
 * stopped for good.
 */
const hold = `kill -STOP "$1" || exit 1
echo held
cat >/dev/null
kill -CONT "$1"`;

/** A thread in the middle of a write finishes that first. Elsewhere than on Linux there is nobody to ask. */
async function untilStopped(pid: number): Promise<void> {
  const tasks = `/proc/${pid}/task`;
  if (!existsSync(tasks)) return pause(200);
  const isStopped = (task: string) => /^State:\s+[TtZX]/m.test(readFileSync(`${tasks}/${task}/status`, "utf8"));
  while (!readdirSync(tasks).every(isStopped)) await pause(2);
}

/** Runs `work` while a process stands still: what asks it for something waits. It goes on afterwards, whatever happens. */
export async function whileHeld<T>(pid: number, work: () => T): Promise<T> {
  // Ctrl-C in the terminal must not reach the one who sets it free.
  const keeper = spawn("/bin/sh", ["-c", hold, "hold", String(pid)], {
    stdio: ["pipe", "pipe", "ignore"],
    detached: true,
  });
  keeper.stdin.on("error", () => undefined);
  const ended = once(keeper, "exit");
  try {
    const [said] = await Promise.race([once(keeper.stdout, "data"), ended.then(() => [""])]);
    if (!String(said).startsWith("held")) throw new Error(`Process ${pid} cannot be stopped for a moment.`);
    await untilStopped(pid);
    return work();
  } finally {
    keeper.stdin.end();
    await ended;
  }
}
