import { accessSync, constants } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";

const version = "1.2.1";
const windows = process.platform === "win32";
const executable = windows ? "dynoxide.exe" : "dynoxide";

const runnable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

function installed(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(`@dynoxide/${process.platform}-${process.arch}/${executable}`);
  } catch {
    return undefined;
  }
}

const onPath = (): string | undefined =>
  (process.env.PATH ?? "")
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, executable))
    .find(runnable);

/**
 * The command that runs dynoxide: `DYNOXIDE_PATH`, else the platform's installed package, else one on PATH, else npx.
 * Only linux-x64 is a dependency: some registries lack the other platforms' packages, and naming them would break
 * frozen installs.
 */
export function dynoxideCommand(): string[] {
  const setting = process.env.DYNOXIDE_PATH;
  if (setting) {
    if (runnable(setting)) return [setting];
    throw new Error(`DYNOXIDE_PATH is ${setting}, but no program can be run there. Correct or remove it.`);
  }
  const found = installed() ?? onPath();
  return found ? [found] : [windows ? "npx.cmd" : "npx", "-y", `dynoxide@${version}`];
}
