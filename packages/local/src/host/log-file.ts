import { closeSync, openSync } from "node:fs";
import { resolve } from "node:path";
import { StartError } from "./start-error.mjs";

/** What LOG_FILE says: one file for all log lines, or `-` for standard output. A file that cannot be written is refused. */
export function readLogFile(value: string | undefined, root: string): string | undefined {
  if (value === undefined || value === "" || value === "-") return value || undefined;
  const file = resolve(root, value);
  try {
    closeSync(openSync(file, "a", 0o600));
  } catch (error) {
    throw new StartError(`LOG_FILE cannot be written: ${(error as Error).message}`, { cause: error });
  }
  return file;
}
