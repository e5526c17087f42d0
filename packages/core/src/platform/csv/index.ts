import * as z from "zod";
import { longest } from "../cursor/index.ts";

/** `people` open a file in a spreadsheet; `raw` is for machines, value for value as it is stored. */
export type Profile = "people" | "raw";

/** Bytes of one part as it travels: Lambda answers 6 MB at most, gzip as base64 and plain text as JSON included. */
const mostBytes = 4_000_000;
const lineEnd = "\r\n";
const escapedLineEnd = 4;
const byteOrderMark = "\ufeff";

/** What stands before a formula without being seen: blanks of any width, invisible marks, quotes. */
const leading = /^[\s\p{C}\p{Z}"'`´‘’“”«»]+/u;
const startsLine = /^[\t\r\n]/;
/** Of the first sign: wide, small and raised forms of these are the same to some spreadsheets. */
const formula = /^[=+\-@−]/;

const isFormula = (text: string): boolean => {
  const [first = ""] = text.replace(leading, "");
  return startsLine.test(text) || formula.test(first.normalize("NFKC"));
};

/**
 * A text that no spreadsheet runs: an apostrophe goes before what it might take for a formula, and before an apostrophe, so
 * that leaving out a leading one gives every text back.
 */
const guarded = (text: string): string => (isFormula(text) || text.startsWith("'") ? `'${text}` : text);

const quoted = (text: string): string => (/[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** A value as CSV writes it (RFC 4180). What is nested in a row (the attackers of a killmail) is written as JSON. */
export function cell(value: unknown, profile: Profile): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return quoted(profile === "people" ? guarded(text) : text);
}

/** A date as it is stored: no spreadsheet runs it, whatever it begins with. */
export const dateCell = (value: unknown): string =>
  value === undefined || value === null ? "" : quoted(String(value));

/** The line of these cells. */
export const lineOf = (cells: readonly string[]): string => cells.join(",");

const simple = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

const wireBytes = (line: string): number =>
  (simple.test(line) ? line.length : Buffer.byteLength(JSON.stringify(line))) + escapedLineEnd;

/** Lines of a file that fit into one answer; a larger file comes in several, one after the other. */
export class Part {
  readonly #lines: string[];
  #bytes: number;
  #added = 0;

  /** The first part of a file begins with its headings. */
  constructor(headings?: string) {
    this.#lines = headings === undefined ? [] : [headings];
    this.#bytes = headings === undefined ? 0 : wireBytes(headings);
  }

  /** Adds these lines, or none of them where there is no room. One line alone always has. */
  add(...lines: readonly string[]): boolean {
    const bytes = lines.reduce((sum, line) => sum + wireBytes(line), 0);
    if (this.#added + lines.length > 1 && this.#bytes + bytes > mostBytes) return false;
    this.#lines.push(...lines);
    this.#bytes += bytes;
    this.#added += lines.length;
    return true;
  }

  text(options: { bom: boolean }): string {
    return (options.bom ? byteOrderMark : "") + this.#lines.map((line) => line + lineEnd).join("");
  }
}

/** What a file is asked for with, beside its rows. */
export const FileOptions = z.object({
  /** Where the file goes on; the first part is asked for without. */
  cursor: z.string().max(longest).optional(),
  profile: z.enum(["people", "raw"]).default("people"),
  /** Begin with a byte order mark, by which spreadsheets know UTF-8. */
  bom: z.boolean().default(false),
});

/** A part of a file, and the cursor of the next one: joined in order they are the file. */
export interface FilePart {
  text: string;
  nextCursor?: string;
}
