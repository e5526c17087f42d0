import { createHash } from "node:crypto";

/** Draws that are the same in every run with the same seed. */
export interface Chance {
  /** In [0, 1). */
  next: () => number;
  pick: <T>(all: readonly T[]) => T;
  shuffle: <T>(all: readonly T[]) => T[];
}

export function chanceOf(seed: string): Chance {
  let drawn = 0;
  const next = () => {
    drawn += 1;
    return createHash("sha256").update(`${seed}/${drawn}`).digest().readUInt32BE(0) / 2 ** 32;
  };
  return {
    next,
    pick: (all) => all[Math.floor(next() * all.length)] as (typeof all)[number],
    shuffle: (all) =>
      all
        .map((item) => ({ item, at: next() }))
        .sort((a, b) => a.at - b.at)
        .map(({ item }) => item),
  };
}
