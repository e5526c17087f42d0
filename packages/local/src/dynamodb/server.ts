import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { acquireFileLock, type FileLock, LockHeld } from "../file-lock/index.ts";
import { dynoxideCommand } from "./binary.ts";

interface DynamoDbOptions {
  /** Where the database file lies; absent, it is in memory and ends with the server. */
  dir?: string;
  /** Absent, a free one. */
  port?: number;
  /** Called when the server ends without having been asked to. */
  onCrash?: (message: string) => void;
}

interface DynamoDb {
  url: string;
  close(): Promise<void>;
}

const windows = process.platform === "win32";

/** The first start through npx may download the program. */
const startTimeoutMs = 60_000;
const stopTimeoutMs = 5_000;

/**
 * Runs the server and ends it when standard input closes: the kernel closes this process's end of the pipe even on
 * `kill -9`. Standard output tells the server's pid.
 */
const tether = `exec 3<&0
"$@" </dev/null 3<&- & pid=$!
echo "$pid"
(cat <&3 >/dev/null; kill "$pid" 2>/dev/null) >/dev/null 2>&1 &
wait "$pid"`;

function launch(command: string[]): ChildProcess {
  const [program = "", ...args] = command;
  if (windows) {
    const child = spawn(program, args, { shell: program.endsWith(".cmd"), windowsHide: true });
    process.once("exit", () => child.kill());
    return child;
  }
  // Its own session: Ctrl-C in the terminal must reach the host alone, which then stops things in order.
  return spawn("/bin/sh", ["-c", tether, "dynoxide", program, ...args], { detached: true });
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

/** Resolves with the server's pid once it listens; rejects with what it logged when it ends first. */
function untilListening(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let logged = "";
    let printedPid = "";
    const fail = (why: string) => reject(new Error(`dynoxide did not start: ${why}\n${logged.trim()}`));
    const timer = setTimeout(() => fail(`no answer within ${startTimeoutMs / 1000} s`), startTimeoutMs);
    child.once("error", (error) => fail(error.message));
    child.once("exit", (code, signal) => fail(`it ended with ${signal ?? code}`));
    const resolveOnceListening = () => {
      const pid = windows ? child.pid : /^(\d+)\n/.exec(printedPid)?.[1];
      if (pid === undefined || !/listening on/i.test(logged)) return;
      clearTimeout(timer);
      resolve(Number(pid));
    };
    child.stdout?.on("data", (chunk: Buffer) => {
      printedPid = (printedPid + chunk.toString()).slice(0, 100);
      resolveOnceListening();
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      logged = (logged + chunk.toString()).slice(-4_000);
      resolveOnceListening();
    });
  });
}

async function stop(child: ChildProcess, serverPid: number | undefined): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, "exit");
  if (windows) child.kill();
  else child.stdin?.end();
  const timer = setTimeout(() => {
    if (serverPid !== undefined) process.kill(serverPid, "SIGKILL");
    child.kill("SIGKILL");
  }, stopTimeoutMs);
  await exited;
  clearTimeout(timer);
}

async function start(dir: string | undefined, port: number): Promise<{ child: ChildProcess; pid: number }> {
  const file = dir === undefined ? [] : ["--db-path", join(dir, "dynamodb.sqlite")];
  const child = launch([...dynoxideCommand(), "--port", String(port), ...file]);
  child.stdin?.on("error", () => undefined);
  try {
    return { child, pid: await untilListening(child) };
  } catch (error) {
    await stop(child, undefined);
    throw error;
  }
}

/** Between choosing a free port and using it another process may take it: then another is tried. */
async function startOnFreePort(dir: string | undefined): Promise<{ child: ChildProcess; pid: number; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    try {
      return { ...(await start(dir, port)), port };
    } catch (error) {
      if (attempt === 3 || !/in use/i.test(String(error))) throw error;
    }
  }
}

/** Two dynoxide servers open one file without a word. */
async function lockFolder(dir: string): Promise<FileLock> {
  mkdirSync(dir, { recursive: true });
  const path = join(dir, "dynamodb.lock");
  return acquireFileLock(path).catch((error: unknown) => {
    if (!(error instanceof LockHeld)) throw error;
    throw new Error(`The database is in use by process ${error.pid} (lock ${path}). Stop it, or use another folder.`);
  });
}

/** Starts dynoxide, an embedded DynamoDB, in memory or on a file of its own. It ends with this process, however that ends. */
export async function startDynamoDb({ dir, port, onCrash }: DynamoDbOptions = {}): Promise<DynamoDb> {
  const lock = dir === undefined ? undefined : await lockFolder(dir);
  const started = await (port ? start(dir, port) : startOnFreePort(dir)).catch((error: unknown) => {
    lock?.release();
    throw error;
  });
  lock?.setServer(started.pid);
  const listening = "port" in started ? started.port : port;

  let closing = false;
  started.child.once("exit", (code, signal) => {
    started.child.stdin?.end();
    if (!closing) onCrash?.(`dynoxide ended by itself with ${signal ?? code}`);
  });
  return {
    url: `http://127.0.0.1:${listening}`,
    close: async () => {
      closing = true;
      await stop(started.child, started.pid);
      lock?.release();
    },
  };
}
