import { execFileSync } from "node:child_process";
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";

const Identity = z.object({ pid: z.int().positive(), startedAt: z.string() });
const Contents = z.object({
  owner: Identity,
  server: Identity.optional(),
  address: z.string().optional(),
});
type Identity = z.infer<typeof Identity>;
type Contents = z.infer<typeof Contents>;

export interface FileLock {
  /** Names a process that the owner started, so that a later owner can end it should it outlive this one. */
  setServer(pid: number): void;
  /** Says where the owner can be reached. */
  setAddress(address: string): void;
  release(): void;
}

/** Somebody who lives holds the lock. */
export class LockHeld extends Error {
  readonly pid: number;
  readonly address: string | undefined;

  constructor(path: string, { owner, address }: Contents) {
    super(`The lock ${path} is held by process ${owner.pid}.`);
    this.pid = owner.pid;
    this.address = address;
  }
}

/**
 * When a process began, in the system's own notation; undefined when there is none. A pid alone proves nothing: after
 * a reboot it may be another program's.
 */
function startOf(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return undefined;
  }
  try {
    if (process.platform === "linux") {
      // Field 22 of /proc/<pid>/stat, counted after the name, which may hold spaces and brackets; state Z is a corpse.
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ");
      return fields[0] === "Z" ? undefined : fields[19];
    }
    if (process.platform === "win32") return "running";
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || undefined;
  } catch {
    return undefined;
  }
}

const identify = (pid: number): Identity => ({ pid, startedAt: startOf(pid) ?? "unknown" });
const alive = ({ pid, startedAt }: Identity): boolean => startOf(pid) === startedAt;

function read(path: string): Contents | undefined {
  try {
    return Contents.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}

/** Creates the file with its contents in one step; false when another holds the name. */
function claim(path: string, contents: object): boolean {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(contents));
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Who holds a lock at this moment, and the server that they have started. */
export function holderOf(path: string): { pid: number; serverPid: number | undefined } | undefined {
  const held = read(path);
  if (!held || !alive(held.owner)) return undefined;
  return { pid: held.owner.pid, serverPid: held.server && alive(held.server) ? held.server.pid : undefined };
}

async function endOrphan(server: Identity): Promise<void> {
  if (!alive(server)) return;
  process.kill(server.pid, "SIGTERM");
  const deadline = performance.now() + 2_000;
  while (alive(server)) {
    if (performance.now() > deadline) process.kill(server.pid, "SIGKILL");
    await pause(10);
  }
}

/**
 * Removes a lock whose owner is gone; false when another process is at it. Two that found the same lock must not both
 * remove it: the second would remove the first one's new lock. So it gets a second name that only one can give, made of
 * its owner, and goes only if under that name it still is the one that was found.
 */
function removeStale(path: string, found: Contents | undefined): boolean {
  const aside = `${path}.${found ? `${found.owner.pid}-${found.owner.startedAt.replaceAll(/\W/g, "")}` : "torn"}`;
  try {
    linkSync(path, aside);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" || code === "ENOENT") return false;
    throw error;
  }
  try {
    const isSame = JSON.stringify(read(aside)) === JSON.stringify(found);
    if (isSame) rmSync(path, { force: true });
    return isSame;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** How long another process may take to remove a stale lock. */
const deadlineMs = 5_000;

/**
 * Takes a lock that is a file, and so lies beside what it protects. It outlives its owner, who is named in it: a lock
 * whose owner is gone is taken over, and the server that the owner may have left behind is ended first.
 */
export async function acquireFileLock(path: string): Promise<FileLock> {
  const owner = identify(process.pid);
  const givenUpAt = performance.now() + deadlineMs;
  while (!claim(path, { owner })) {
    const held = read(path);
    if (held && alive(held.owner)) throw new LockHeld(path, held);
    if (held?.server) await endOrphan(held.server);
    if (removeStale(path, held)) continue;
    if (performance.now() > givenUpAt) throw new Error(`The lock ${path} cannot be taken over: remove ${path}*`);
    await pause(10);
  }
  let contents: Contents = { owner };
  const rewrite = (more: Partial<Contents>) => {
    contents = { ...contents, ...more };
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(contents));
    renameSync(draft, path);
  };
  return {
    setServer: (pid) => rewrite({ server: identify(pid) }),
    setAddress: (address) => rewrite({ address }),
    release: () => rmSync(path, { force: true }),
  };
}
