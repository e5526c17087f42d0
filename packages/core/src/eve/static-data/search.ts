import { fold } from "../../platform/fold/index.ts";
import { kind } from "./kind.ts";

let haystack: { text: string; starts: Int32Array } | undefined;

/** All type names folded as one text: searching it as a whole is faster than name by name. */
function open(): { text: string; starts: Int32Array } {
  const names = kind("types").names;
  let start = 0;
  const folded = names.map(fold);
  const starts = Int32Array.from(folded, (name) => {
    const own = start;
    start += name.length + 1;
    return own;
  });
  return { text: folded.join("\n"), starts };
}

/** The name that position `at` of the text belongs to. */
function rowAt(starts: Int32Array, at: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((starts[middle] as number) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** 0 the whole name, 1 its beginning, 2 a word's beginning, 3 anywhere else. */
function rank(name: string, wanted: string): number {
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  return /[^\p{L}\p{N}]/u.test(name[name.indexOf(wanted) - 1] ?? "") ? 2 : 3;
}

/** Ids of the types whose name contains `text` in any case, the best match first, short names before long ones. */
export function searchTypes(text: string): number[] {
  const wanted = fold(text.trim());
  if (wanted === "" || wanted.includes("\n")) return [];
  haystack ??= open();
  const { ids, names } = kind("types");
  const matches: { id: number; rank: number; name: string }[] = [];
  for (let at = haystack.text.indexOf(wanted); at !== -1; ) {
    const row = rowAt(haystack.starts, at);
    const name = fold(names[row] as string);
    matches.push({ id: ids[row] as number, rank: rank(name, wanted), name });
    const next = haystack.starts[row + 1];
    at = next === undefined ? -1 : haystack.text.indexOf(wanted, next);
  }
  matches.sort((a, b) => a.rank - b.rank || a.name.length - b.name.length || (a.name < b.name ? -1 : 1));
  return matches.map((match) => match.id);
}
