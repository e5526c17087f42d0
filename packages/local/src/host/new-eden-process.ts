import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { StartError } from "./start-error.mjs";

export interface NewEdenOptions {
  root: string;
  entry: string;
  /** If something else listens on it, New Eden takes any free one. */
  port: number;
  dataDir: string;
  logDir: string;
  onClock: (offsetMs: number) => void;
  /** An old world lives through all that happened since it began; told now and then, with the day it has reached. */
  onCatchUp: (day: string) => void;
  /** It ended by itself; a new one is on its way. */
  onLost: (message: string) => void;
}

export interface NewEdenProcess {
  url: string;
  close(): Promise<void>;
}

type NewEdenMessage =
  | { type: "clock"; offsetMs: number }
  | { type: "catching up"; at: string }
  | { type: "ready"; url: string };

/** Without a sign of life. */
const startLimitMs = 30_000;
const tellEveryMs = 3_000;
const stopLimitMs = 3_000;
const restartPauseMs = 500;

/** Runs New Eden as a child, told apart from a terminal's Ctrl-C; it ends when its channel to the host closes. */
export async function startNewEden(options: NewEdenOptions): Promise<NewEdenProcess> {
  let closing = false;
  let child = launch(options, ["--port", String(options.port), "--or-any"]);
  const url = await ready(child, options);
  const { port } = new URL(url);

  const watch = (watched: ChildProcess) =>
    watched.once("exit", async (code, signal) => {
      if (closing) return;
      options.onLost(`New Eden ended (${signal ?? `code ${code}`}); starting it again`);
      await new Promise((done) => setTimeout(done, restartPauseMs));
      if (closing) return;
      child = launch(options, ["--port", port]);
      watch(child);
      await ready(child, options).catch((error: Error) => options.onLost(error.message));
    });
  watch(child);

  return {
    url,
    close: async () => {
      closing = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const timer = setTimeout(() => child.kill("SIGKILL"), stopLimitMs);
      const ended = once(child, "exit");
      if (child.connected) child.disconnect();
      await ended;
      clearTimeout(timer);
    },
  };
}

function launch({ root, entry, dataDir, logDir, onClock }: NewEdenOptions, listening: string[]): ChildProcess {
  mkdirSync(logDir, { recursive: true });
  const log = openSync(join(logDir, "new-eden.log"), "a", 0o600);
  const child = fork(entry, [...listening, "--data", dataDir], {
    cwd: root,
    execArgv: entry.endsWith(".ts") ? ["--import", "tsx"] : [],
    // Its own process group: a terminal's Ctrl-C goes to the host alone, which ends its children in order.
    detached: true,
    stdio: ["ignore", log, log, "ipc"],
  });
  closeSync(log);
  child.on("message", (message: NewEdenMessage) => {
    if (message.type === "clock") onClock(message.offsetMs);
  });
  return child;
}

function ready(child: ChildProcess, { logDir, onCatchUp }: NewEdenOptions): Promise<string> {
  const where = `see ${join(logDir, "new-eden.log")}`;
  return new Promise((resolve, reject) => {
    const tooLate = () => {
      child.kill("SIGKILL");
      reject(new StartError(`New Eden did not start within ${startLimitMs / 1000} s; ${where}`));
    };
    let timer = setTimeout(tooLate, startLimitMs);
    let toldAt = performance.now();
    child.once("error", reject);
    child.once("exit", (code) => {
      clearTimeout(timer);
      const words = readFileSync(join(logDir, "new-eden.log"), "utf8").trim().split("\n").slice(-8).join("\n");
      reject(new StartError(`New Eden ended with code ${code} before it was ready; ${where}\n\n${words}`));
    });
    child.on("message", (message: NewEdenMessage) => {
      if (message.type === "clock") return;
      clearTimeout(timer);
      if (message.type === "ready") return resolve(message.url);
      timer = setTimeout(tooLate, startLimitMs);
      if (performance.now() - toldAt < tellEveryMs) return;
      toldAt = performance.now();
      onCatchUp(message.at);
    });
  });
}
