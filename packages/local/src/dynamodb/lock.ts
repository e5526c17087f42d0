import { execFileSync } from "node:child_process";
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";

const Identity = z.object({ pid: z.int().positive(), startedAt: z.string() });
const Contents = z.object({ owner: Identity, server: Identity.optional() });
type Identity = z.infer<typeof Identity>;

interface Lock {
  /** Names the database server, so that a later start can end it should it outlive this process. */
  setServer(pid: number): void;
  release(): void;
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

function read(path: string): z.infer<typeof Contents> | undefined {
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

async function endOrphan(server: Identity): Promise<void> {
  if (!alive(server)) return;
  process.kill(server.pid, "SIGTERM");
  const patience = performance.now() + 2_000;
  while (alive(server)) {
    if (performance.now() > patience) process.kill(server.pid, "SIGKILL");
    await pause(10);
  }
}

/**
 * Takes the database file's lock, because two dynoxide servers open one file without a word. A lock whose owner is
 * gone is taken over, and the server that the owner may have left behind is ended first.
 */
export async function acquireLock(path: string): Promise<Lock> {
  const owner = identify(process.pid);
  while (!claim(path, { owner })) {
    const held = read(path);
    if (held && alive(held.owner)) {
      throw new Error(
        `The database is in use by process ${held.owner.pid} (lock ${path}). Stop it, or use another folder.`,
      );
    }
    if (held?.server) await endOrphan(held.server);
    rmSync(path, { force: true });
  }
  return {
    setServer: (pid) => writeFileSync(path, JSON.stringify({ owner, server: identify(pid) })),
    release: () => rmSync(path, { force: true }),
  };
}
