// @ts-check
// Plain Node: read before anything is installed.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statfsSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { explainSystemError, StartError } from "./start-error.mjs";

/** Its presence says that everything in the folder is ours to write and, with `--fresh`, to remove. */
export const markerName = "tapi-data.json";
/** One host per data folder: it lies there, so that whoever writes the data holds it, from whatever shell. */
export const lockName = "host.lock";

/** Functions, logs and a day of the largest corporation take about a quarter of this. */
const leastSpaceBytes = 200 * 1024 * 1024;
const probeBytes = 1024 * 1024;

/**
 * Makes the data folder, or says why it cannot be used: it holds anything but our own data, cannot be written, is full.
 * Which world its data are of is looked at later: the settings that say so are read by installed packages.
 * @param {string} dir
 */
export function prepareDataDir(dir) {
  try {
    if (statSync(dir, { throwIfNoEntry: false })?.isDirectory() === false) {
      throw new StartError(`${dir} is a file, not a folder. Choose a folder: npm start -- --data DIR`);
    }
    makeFolder(dir);
    if (!existsSync(join(dir, markerName)) && !holdsData(dir) && readdirSync(dir).length > 0) {
      throw new StartError(`${dir} holds other files than TAPI's. Choose an empty folder: npm start -- --data DIR`);
    }
    requireSpace(dir);
  } catch (error) {
    throw explainSystemError(error, dir);
  }
}

/**
 * Whether a database of ours lies there, whatever has become of the file that says so.
 * @param {string} dir
 */
export const holdsData = (dir) => existsSync(join(dir, "dynamodb", "dynamodb.sqlite"));

/**
 * By hand: Node's own way with parents never ends where the system lets nobody make any, as in /proc.
 * @param {string} dir
 */
function makeFolder(dir) {
  if (existsSync(dir)) return;
  makeFolder(dirname(dir));
  mkdirSync(dir, { mode: 0o700 });
}

/** @param {string} dir */
function requireSpace(dir) {
  const probe = join(dir, `.probe-${process.pid}`);
  try {
    // A quota does not show in the file system's figures.
    writeFileSync(probe, Buffer.alloc(probeBytes));
  } finally {
    rmSync(probe, { force: true });
  }
  const { bavail, bsize } = statfsSync(dir);
  if (bavail * bsize >= leastSpaceBytes) return;
  const mega = (/** @type {number} */ bytes) => Math.floor(bytes / 1024 / 1024);
  throw new StartError(
    `Only ${mega(bavail * bsize)} MB are free for ${dir}, and TAPI needs ${mega(leastSpaceBytes)} MB. ` +
      "Free some, or choose another folder: npm start -- --data DIR",
  );
}

/** Compilers and package managers keep files there for a moment. */
export function requireTemporaryFolder() {
  const dir = tmpdir();
  const probe = join(dir, `tapi-probe-${process.pid}`);
  try {
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    const why = { ENOENT: "does not exist", ENOTDIR: "is not a folder", ENOSPC: "is full" }[code ?? ""];
    throw new StartError(
      `The folder for temporary files, ${dir}, ${why ?? "cannot be written"}. Name another: TMPDIR=/tmp npm start`,
    );
  }
}

/**
 * Removes all data but the folder itself. Call it only with the host's lock held.
 * @param {string} dir
 */
export function clearDataDir(dir) {
  for (const entry of readdirSync(dir)) {
    if (entry === markerName || entry === lockName) continue;
    rmSync(join(dir, entry), { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * A reader sees the old file or the new one, never half of it.
 * @param {string} path
 * @param {unknown} value
 */
export function writeJsonAtomically(path, value) {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(temporary, path);
}
