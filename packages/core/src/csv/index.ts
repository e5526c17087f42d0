import { promisify } from "node:util";
import { gzip } from "node:zlib";

const compress = promisify(gzip);

/** A value as CSV writes it. A text that a spreadsheet would read as a formula is disarmed by a leading apostrophe. */
export function cell(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  // What is nested in a row (the attackers of a killmail) is written as JSON.
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A gzipped file of lines whose cells were written by `cell` and joined by commas. */
export const pack = (lines: readonly string[]): Promise<Uint8Array> => compress([...lines, ""].join("\r\n"));
