import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A busy machine, and a build of the web app where nobody made one before. */
const startLimitMs = 90_000;

export interface Endpoints {
  web: string;
  dynamodb: string;
  table: string;
  /** Absent where the real EVE is served. */
  newEden: string;
}

/** One run of `npm start`, in a process of its own. */
export interface Product {
  endpoints: Endpoints;
  /** Everything it has printed. */
  said(): string;
  /** As Ctrl-C does; fails unless it ends in order. */
  stop(): Promise<void>;
  /** As `kill -9`: no farewell, only this one process. */
  kill(): Promise<void>;
}

interface Start {
  port: number;
  dataDir: string;
  args?: string[];
  env?: Record<string, string>;
}

export async function startProduct({ port, dataDir, args = [], env = {} }: Start): Promise<Product> {
  const child = spawn(process.execPath, ["scripts/start.mjs", "--port", String(port), "--data", dataDir, ...args], {
    cwd: root,
    env: { ...process.env, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  const hear = (chunk: Buffer) => {
    text += chunk.toString();
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  await running(child, () => text);
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  };
  return {
    endpoints: JSON.parse(readFileSync(join(dataDir, "endpoints.json"), "utf8")),
    said: () => text,
    stop: async () => {
      await end("SIGTERM");
      if (child.exitCode) throw new Error(`The product did not end in order:\n${text}`);
    },
    kill: () => end("SIGKILL"),
  };
}

function running(child: ChildProcess, said: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`The product ${why}:\n${said()}`));
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      fail("did not start in time");
    }, startLimitMs);
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      fail(`ended with ${signal ?? code} before it ran`);
    });
    child.stdout?.on("data", () => {
      if (!said().includes("TAPI is running")) return;
      clearTimeout(timer);
      resolve();
    });
  });
}

/** A folder of its own, and how to leave nothing behind. */
export async function makeDataDir(): Promise<{ dataDir: string; remove(): Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), "tapi-browser-"));
  return { dataDir, remove: () => rm(dataDir, { recursive: true, force: true, maxRetries: 5 }) };
}

/**
 * A port that stays the same when the product starts again: the browser's page keeps its address. Below those that systems
 * give to outgoing connections, one of which could take it between the two.
 */
export async function freePort(): Promise<number> {
  const port = 10_000 + Math.floor(Math.random() * 20_000);
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return freePort();
  }
  server.close();
  await once(server, "close");
  return port;
}

/** The command lines of all living processes that work on this data folder, by process id. Reads /proc: Linux only. */
export function processesOn(dataDir: string): Map<number, string> {
  const found = new Map<number, string>();
  if (!existsSync("/proc/self/cmdline")) throw new Error("There is no /proc here.");
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const line = commandLine(name);
    if (line.includes(dataDir)) found.set(Number(name), line);
  }
  return found;
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    // It ended between the listing and the look.
    return "";
  }
}
