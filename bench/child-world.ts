import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** New Eden in a process of its own, so that its work is not counted as ours: its address, and how to end it. */
export async function startChildWorld(file: string, args: readonly string[]) {
  const entry = fileURLToPath(new URL(file, import.meta.url));
  const child = fork(entry, [...args], { execArgv: ["--import", "tsx"] });
  const url = await new Promise<string>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`New Eden ended with ${code}`)));
    child.once("message", (message: { url: string }) => resolve(message.url));
  });
  const close = async () => {
    child.removeAllListeners("exit");
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.disconnect();
    await ended;
  };
  return { url, close };
}
