import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { applyTo, type Mutant } from "./mutators.ts";

/** The files of the checkout as they are in the working tree, also those that git does not know yet. */
export const filesOf = (root: string): string[] =>
  execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8" })
    .split("\n")
    .filter((file) => file !== "" && existsSync(join(root, file)));

/** The files that differ from a revision. */
export const changedSince = (root: string, revision: string): Set<string> =>
  new Set(execFileSync("git", ["diff", "--name-only", revision], { cwd: root, encoding: "utf8" }).split("\n"));

function linkModules(root: string, copy: string): void {
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  for (const folder of execFileSync("ls", [join(root, "packages")], { encoding: "utf8" })
    .trim()
    .split("\n")) {
    const modules = join("packages", folder, "node_modules");
    if (existsSync(join(root, modules))) execFileSync("cp", ["-a", join(root, modules), join(copy, modules)]);
  }
}

export interface Workspace {
  path: string;
  /** Runs with one mutant in place, then puts the file back. */
  having<T>(mutant: Mutant, body: () => Promise<T>): Promise<T>;
  remove(): void;
}

/** A copy of the checkout to mutate: a killed run never leaves a mutant in somebody's working tree. */
export function copyOf(root: string): Workspace {
  const path = mkdtempSync(join(tmpdir(), "tapi-mutate-"));
  for (const file of filesOf(root)) {
    mkdirSync(join(path, dirname(file)), { recursive: true });
    if (lstatSync(join(root, file)).isSymbolicLink()) symlinkSync(readlinkSync(join(root, file)), join(path, file));
    else copyFileSync(join(root, file), join(path, file));
  }
  linkModules(root, path);
  return {
    path,
    async having(mutant, body) {
      const file = join(path, mutant.file);
      const code = readFileSync(file, "utf8");
      writeFileSync(file, applyTo(code, mutant));
      try {
        return await body();
      } finally {
        writeFileSync(file, code);
      }
    },
    remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  };
}
