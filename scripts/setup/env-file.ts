import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { SetupError } from "./setup-error.ts";

export type Settings = Record<string, string>;

export const readEnvFile = (path: string): Settings =>
  existsSync(path) ? (parseEnv(readFileSync(path, "utf8")) as Settings) : {};

/** Of what SST and Node read alike: SST expands `$`, and the two treat a backslash differently. */
function quoted(name: string, value: string): string {
  if (/^[\w@.:/,+-]*$/.test(value)) return value;
  if (/["$\\`\p{Cc}]/u.test(value)) {
    throw new SetupError(`${name} may hold no quotation mark, dollar sign, backslash or line break; got "${value}".`);
  }
  return `"${value}"`;
}

/** Replaces a file at once, for its owner's eyes alone: whoever reads it meanwhile has the old one or the new one. */
export function writePrivately(path: string, text: string): void {
  const next = `${path}.next`;
  writeFileSync(next, text, { mode: 0o600 });
  renameSync(next, path);
}

/** Sets these in the file; its other lines stay as they are. */
export function writeEnvFile(path: string, settings: Settings): void {
  const lines = existsSync(path) ? readFileSync(path, "utf8").trimEnd().split("\n") : [];
  for (const [name, value] of Object.entries(settings)) {
    const line = `${name}=${quoted(name, value)}`;
    const at = lines.findIndex((each) => new RegExp(`^\\s*(export\\s+)?${name}\\s*=`).test(each));
    if (at < 0) lines.push(line);
    else lines[at] = line;
  }
  writePrivately(path, `${lines.filter((line, index) => line !== "" || index > 0).join("\n")}\n`);
}
