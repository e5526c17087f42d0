import { createHash } from "node:crypto";
import { realpathSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StartError } from "./start-error.ts";

export interface HostLock {
  release(): Promise<void>;
}

/**
 * One host per data folder. The lock is a listening local socket rather than a file with a pid: it goes away with the
 * process, even by `kill -9`, and no other process can be mistaken for its owner.
 */
export async function acquireLock(dataDir: string, describe: () => string): Promise<HostLock> {
  const path = lockPath(dataDir);
  for (let attempt = 0; ; attempt++) {
    const lock = await listen(path, describe);
    if (lock) return lock;
    const owner = await askOwner(path);
    if (owner !== undefined) {
      throw new StartError(
        `TAPI already runs on ${dataDir}${owner ? ` (${owner})` : ""}.\n` +
          "Use that one, or start a second with its own port and data: npm start -- --port 4000 --data DIR",
      );
    }
    if (attempt === 3) throw new StartError(`The lock ${path} is taken but nobody answers; remove it and try again.`);
    rmSync(path, { force: true });
  }
}

/** In the temporary folder, because socket paths are limited to about 100 characters. */
function lockPath(dataDir: string): string {
  const id = createHash("sha256").update(realpathSync(dataDir)).digest("hex").slice(0, 16);
  return process.platform === "win32" ? `\\\\.\\pipe\\tapi-${id}` : join(tmpdir(), `tapi-${id}.lock`);
}

function listen(path: string, describe: () => string): Promise<HostLock | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.end(describe());
    });
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(undefined);
      else reject(error);
    });
    server.listen(path, () => {
      server.unref();
      resolve({ release: () => new Promise((done) => server.close(() => done())) });
    });
  });
}

/** What the lock's owner says of itself; undefined when there is none. */
function askOwner(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let said = "";
    const socket = connect(path);
    socket.setTimeout(1000, () => socket.destroy());
    socket.on("data", (chunk) => {
      said += chunk.toString();
    });
    socket.on("error", () => resolve(undefined));
    socket.on("close", (failed) => {
      if (!failed) resolve(said);
    });
  });
}
