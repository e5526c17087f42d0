import { join } from "node:path";
import { acquireFileLock, type FileLock, LockHeld } from "../file-lock/index.ts";
import { lockName } from "./data-dir.mjs";
import { StartError } from "./start-error.mjs";

/** One host per data folder. The lock lies in the folder itself: every shell finds it, whatever its TMPDIR is. */
export async function acquireLock(dataDir: string): Promise<FileLock> {
  return acquireFileLock(join(dataDir, lockName)).catch((error: unknown) => {
    if (!(error instanceof LockHeld)) throw error;
    const where = error.address ? `${error.address}, process ${error.pid}` : `process ${error.pid}`;
    throw new StartError(
      `TAPI already runs on ${dataDir} (${where}).\n` +
        "Use that one, or start a second with its own port and data: npm start -- --port 4000 --data DIR",
    );
  });
}
