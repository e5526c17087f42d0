import { createHash } from "node:crypto";
import type { Vite } from "vitest/node";
import { type Mutant, mutantsOf, type Span } from "./mutators.ts";

const mutable = /^packages\/(core|functions|web|local)\/src\/.*\.tsx?$/;
const left = /(\.test\.tsx?|\.fixture\.ts|\.d\.ts|\.gen\.ts)$|\/generated\/|\/test\//;

export const isMutable = (file: string) => mutable.test(file) && !left.test(file);

const nameOf = (file: string, text: string, nth: number) =>
  createHash("sha256").update([file, text, nth].join("\0")).digest("hex").slice(0, 12);

/** A name for each place of a file where mutants are; it survives what changes elsewhere in the file. */
export function sitesOf(file: string, code: string, mutants: readonly Mutant[]): Map<Mutant, string> {
  const spans = new Map(mutants.map(({ site }) => [`${site.start}-${site.end}`, site]));
  const seen = new Map<string, number>();
  const names = new Map<string, string>();
  for (const [span, { start, end }] of [...spans].sort(([, a], [, b]) => a.start - b.start || b.end - a.end)) {
    const text = code.slice(start, end);
    const nth = seen.get(text) ?? 0;
    seen.set(text, nth + 1);
    names.set(span, nameOf(file, text, nth));
  }
  return new Map(mutants.map((mutant) => [mutant, names.get(`${mutant.site.start}-${mutant.site.end}`) ?? ""]));
}

/** The same code, which says of each of its places that it was reached. */
export function marked(file: string, code: string): string {
  const mutants = mutantsOf(file, code);
  const sites = new Map<string, Span>();
  for (const [mutant, name] of sitesOf(file, code, mutants)) sites.set(name, mutant.site);
  const inserts: { at: number; text: string; order: number }[] = [];
  for (const [name, { start, end }] of sites) {
    const size = end - start;
    inserts.push({ at: start, text: `(globalThis.reached?.add("${name}"), `, order: 1e9 - size });
    inserts.push({ at: end, text: ")", order: size - 1e9 });
  }
  let result = "";
  let from = 0;
  for (const { at, text } of inserts.sort((a, b) => a.at - b.at || a.order - b.order)) {
    result += code.slice(from, at) + text;
    from = at;
  }
  return result + code.slice(from);
}

/** Marks what vitest loads from a checkout. */
export const marking = (root: string): Vite.Plugin => ({
  name: "mutate:marking",
  enforce: "pre",
  transform(code, id) {
    const file = id.split("?")[0]?.replace(`${root}/`, "") ?? "";
    return isMutable(file) ? { code: marked(file, code), map: null } : undefined;
  },
});
