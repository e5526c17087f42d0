import { packed } from "./load.ts";
import type { Packed } from "./packed.ts";

export type KindName = keyof Packed;

/** One kind of entry, opened at its first use: ids to search in, names to read from. */
export interface Kind {
  ids: Int32Array;
  names: string[];
}

const opened = new Map<KindName, Kind>();

function open(name: KindName): Kind {
  const { ids, names } = packed()[name];
  let id = 0;
  return { ids: Int32Array.from(ids, (difference) => (id += difference)), names: names.split("\n") };
}

export function kind(name: KindName): Kind {
  const known = opened.get(name);
  if (known) return known;
  const fresh = open(name);
  opened.set(name, fresh);
  return fresh;
}

/** Row of an id, or -1: ids ascend. */
export function rowOf({ ids }: Kind, id: number): number {
  let low = 0;
  let high = ids.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = ids[middle] as number;
    if (found === id) return middle;
    if (found < id) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
