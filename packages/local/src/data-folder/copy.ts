import { chmodSync, constants, copyFileSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { markerName } from "../host/data-dir.mjs";

/** What an installation consists of. All else in its folder is made anew at each start, or tells of one run alone. */
export const keptEntries = ["dynamodb", "sqs", "kms", "new-eden", markerName];

/** Backups, and copies that are on their way to be one. */
export const backupsIn = (dir: string): string => join(dir, "backups");

/** Locks belong to a process, drafts to a write that was cut off; the index of the write-ahead log is made from it. */
const isKept = (name: string): boolean => !/\.(lock|new|part)(\.|$)|-shm$/.test(name);

function listIn(dir: string, at: string): string[] {
  return readdirSync(join(dir, at), { withFileTypes: true }).flatMap((entry) => {
    const path = join(at, entry.name);
    if (entry.isDirectory()) return listIn(dir, path);
    return entry.isFile() && isKept(entry.name) ? [path] : [];
  });
}

/** The files of an installation, relative to its folder. */
export function filesOf(dir: string): string[] {
  return keptEntries.flatMap((entry) => {
    if (!existsSync(join(dir, entry))) return [];
    return entry === markerName ? [entry] : listIn(dir, entry);
  });
}

/** Copies an installation into an empty folder: the database first, as every other part may be ahead of it. */
export function copyFiles(dir: string, target: string): void {
  for (const path of filesOf(dir)) {
    mkdirSync(join(target, dirname(path)), { recursive: true, mode: 0o700 });
    // Without taking room or time where the file system can share what is the same.
    copyFileSync(join(dir, path), join(target, path), constants.COPYFILE_FICLONE);
    chmodSync(join(target, path), 0o600);
  }
}

/** Of a file that is to be: where it is written until it is whole. */
export const draftOf = (file: string): string => join(dirname(file), `.${basename(file)}.${process.pid}.part`);
