import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { acquireFileLock, LockHeld } from "../file-lock/index.ts";
import { holdsData, lockName, markerName } from "../host/data-dir.mjs";
import { StartError } from "../host/start-error.mjs";
import { type Progress, unpack } from "./archive.ts";
import { explainWriting } from "./backup.ts";
import { keptEntries } from "./copy.ts";
import { type Marker, parseMarker, readMarker, worldOf, writeMarker } from "./marker.ts";
import { currentFormat } from "./steps.ts";

export interface RestoreOptions {
  file: string;
  dir: string;
  passphrase?: string | undefined;
  /** Replace the installation that is there. */
  force?: boolean;
  progress?: Progress;
}

/** What the folder holds now; undefined: nothing. */
function targetOf(dir: string, force: boolean): Marker | undefined {
  if (!existsSync(dir)) return undefined;
  if (!statSync(dir).isDirectory()) throw new StartError(`${dir} is a file, not a folder.`);
  if (readdirSync(dir).length === 0) return undefined;
  if (!existsSync(join(dir, markerName)) && !holdsData(dir)) {
    throw new StartError(`${dir} holds other files than TAPI's. Choose an empty folder: --data DIR`);
  }
  if (!force) throw new StartError(`${dir} holds data already. Choose an empty folder, or replace them with --force.`);
  try {
    return readMarker(dir);
  } catch {
    // Torn, or of a newer TAPI: it is to be replaced.
    return undefined;
  }
}

async function lockTarget(dir: string) {
  return acquireFileLock(join(dir, lockName)).catch((error: unknown) => {
    if (error instanceof LockHeld) throw new StartError(`TAPI runs on ${dir} (process ${error.pid}). Stop it first.`);
    throw error;
  });
}

/** Puts what was unpacked in the place of what is there. Cut off, it leaves word that it has to be run again. */
function replace(dir: string, unpacked: string, marker: Marker, file: string): void {
  writeMarker(dir, { app: "tapi", format: currentFormat, createdAt: marker.createdAt, restoring: file });
  for (const entry of keptEntries) {
    if (entry === markerName) continue;
    rmSync(join(dir, entry), { recursive: true, force: true });
    if (existsSync(join(unpacked, entry))) renameSync(join(unpacked, entry), join(dir, entry));
  }
  writeMarker(dir, marker);
}

/** Restores a backup into an empty folder, or with `force` over an installation. Throws StartError, in plain words. */
export async function restore(options: RestoreOptions): Promise<{ world: string }> {
  const [file, dir] = [resolve(options.file), resolve(options.dir)];
  const { passphrase, force = false, progress = () => undefined } = options;
  if (!existsSync(file)) throw new StartError(`There is no file ${file}.`);
  const before = targetOf(dir, force);
  const isNew = !existsSync(dir);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const lock = await lockTarget(dir);
  const unpacked = join(dir, ".restore.part");
  try {
    rmSync(unpacked, { recursive: true, force: true });
    mkdirSync(unpacked, { mode: 0o700 });
    await unpack(file, unpacked, { passphrase, progress });
    const text = readFileSync(join(unpacked, markerName), "utf8");
    const marker = parseMarker(text, file, "Use another backup; nothing was changed.");
    const [kept, world] = [before?.world, worldOf(marker)];
    if (kept !== undefined && kept !== world) {
      throw new StartError(
        `${file} is of ${world}, and ${dir} holds data of ${kept}. Choose an empty folder: --data DIR`,
      );
    }
    replace(dir, unpacked, marker, file);
    return { world };
  } catch (error) {
    throw explainWriting(error, dir);
  } finally {
    rmSync(unpacked, { recursive: true, force: true });
    lock.release();
    if (isNew && readdirSync(dir).length === 0) rmSync(dir, { recursive: true });
  }
}
