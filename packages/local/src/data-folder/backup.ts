import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { acquireFileLock, holderOf, LockHeld } from "../file-lock/index.ts";
import { holdsData, lockName } from "../host/data-dir.mjs";
import { StartError } from "../host/start-error.mjs";
import { type Progress, pack } from "./archive.ts";
import { backupsIn, copyFiles } from "./copy.ts";
import { whileHeld } from "./hold.ts";
import { readMarker } from "./marker.ts";

export interface BackupOptions {
  dir: string;
  file: string;
  passphrase?: string | undefined;
  /** Replace a file that is there. */
  force?: boolean;
  progress?: Progress;
}

const noSpace: Record<string, string> = {
  ENOSPC: "No space is left",
  EDQUOT: "Your disk quota has no room left",
  EFBIG: "A file became larger than is allowed",
};

/** A full disk in a sentence. */
export function explainWriting(error: unknown, where: string): unknown {
  const { code = "", message } = error as NodeJS.ErrnoException;
  if (noSpace[code]) {
    return new StartError(`${noSpace[code]} for ${where}. Free some, or write elsewhere. No half file is left.`, {
      cause: error,
    });
  }
  const isRefused = /^(EACCES|EPERM|EROFS|ENOENT|ENOTDIR|EISDIR)$/.test(code);
  return isRefused ? new StartError(`${where} cannot be written: ${message}`, { cause: error }) : error;
}

/** What a command that was killed has left behind. */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    const [, pid] = /^\.(?:copy-|.*\.)(\d+)(?:\.part)?$/.exec(name) ?? [];
    if (pid && !existsSync(`/proc/${pid}`)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** A copy in the data folder itself, gone once `work` is done with it. */
async function withCopy(dir: string, copy: (to: string) => Promise<void>, work: (copied: string) => Promise<void>) {
  const folder = backupsIn(dir);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  removeLeftovers(folder);
  const copied = join(folder, `.copy-${process.pid}`);
  mkdirSync(copied, { mode: 0o700 });
  try {
    await copy(copied);
    await work(copied);
  } finally {
    rmSync(copied, { recursive: true, force: true });
  }
}

const databaseLock = (dir: string): string => join(dir, "dynamodb", "dynamodb.lock");

/** Nobody may open it meanwhile; a database that outlived its host is ended first. */
async function copyStopped(dir: string, to: string): Promise<void> {
  const lock = await acquireFileLock(databaseLock(dir));
  try {
    copyFiles(dir, to);
  } finally {
    lock.release();
  }
}

/**
 * Of a host that runs: its database is stopped for as long as copying takes, so that nothing is acknowledged meanwhile. What
 * is copied is what a crash at that moment would leave, which every start can go on from (docs/adr/0023).
 */
async function copyRunning(dir: string, to: string): Promise<void> {
  const server = holderOf(databaseLock(dir))?.serverPid;
  if (server === undefined || !existsSync(join(dir, "endpoints.json"))) {
    throw new StartError(`TAPI is just starting or stopping on ${dir}. Try again in a moment.`);
  }
  if (process.platform === "win32") throw new StartError("On Windows, stop TAPI before you make a backup.");
  await whileHeld(server, () => copyFiles(dir, to));
}

async function copyNow(dir: string, to: string): Promise<void> {
  const lock = await acquireFileLock(join(dir, lockName)).catch((error: unknown) => {
    if (error instanceof LockHeld) return undefined;
    throw error;
  });
  if (!lock) return copyRunning(dir, to);
  try {
    await copyStopped(dir, to);
  } finally {
    lock.release();
  }
}

/** Backs up an installation, whether it runs or not. Throws StartError, in plain words. */
export async function backup(options: BackupOptions): Promise<void> {
  const dir = resolve(options.dir);
  if (!existsSync(dir) || !readMarker(dir) || !holdsData(dir)) throw new StartError(`${dir} holds no data of TAPI's.`);
  await write(options, (to) => copyNow(dir, to));
}

/** The same for a host that holds its folder's lock and has opened nothing in it yet. */
export const backupUnopened = (options: BackupOptions): Promise<void> =>
  write(options, (to) => copyStopped(options.dir, to));

async function write(options: BackupOptions, copy: (to: string) => Promise<void>): Promise<void> {
  const file = resolve(options.file);
  if (existsSync(file) && !options.force) {
    throw new StartError(`${file} is there already. Choose another name, or replace it with --force.`);
  }
  if (!existsSync(dirname(file))) throw new StartError(`There is no folder ${dirname(file)}.`);
  const { passphrase, progress = () => undefined } = options;
  try {
    await withCopy(options.dir, copy, (copied) => pack(copied, file, { passphrase, progress }));
  } catch (error) {
    throw explainWriting(error, file);
  }
}

/** The passphrase of backups, if there is one: by value, or in a file. */
export function readBackupPassphrase(
  environment: Record<string, string | undefined>,
  file: string | undefined,
): string | undefined {
  if (file === undefined) return environment.BACKUP_PASSPHRASE || undefined;
  let text: string;
  try {
    text = readFileSync(file, "utf8").replace(/\r?\n$/, "");
  } catch (error) {
    throw new StartError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (text === "") throw new StartError(`${file} is empty.`);
  return text;
}
