/** Seeded pseudo-random numbers (mulberry32): the same keys give the same sequence on every machine. */
export class Random {
  #state: number;

  constructor(state: number) {
    this.#state = state >>> 0;
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** Whole number, both ends included. */
  int(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  /** Small values are far likelier than big ones, as prices and stack sizes are. */
  skewed(min: number, max: number): number {
    return Math.round(min * (max / min) ** this.next());
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** How many events happen when `mean` are expected: its whole part, and one more by chance. */
  count(mean: number): number {
    return Math.floor(mean) + (this.chance(mean % 1) ? 1 : 0);
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(this.next() * items.length)];
    if (item === undefined) throw new Error("Nothing to pick from.");
    return item;
  }

  /** Different items in random order; fewer when there are not as many. */
  sample<Item>(items: readonly Item[], count: number): Item[] {
    const pool = [...items];
    const size = Math.min(count, pool.length);
    for (let index = 0; index < size; index += 1) {
      const other = this.int(index, pool.length - 1);
      [pool[index], pool[other]] = [pool[other] as Item, pool[index] as Item];
    }
    return pool.slice(0, size);
  }

  weighted<Item extends { weight: number }>(items: readonly Item[]): Item {
    let left = this.next() * items.reduce((sum, item) => sum + item.weight, 0);
    for (const item of items) {
      left -= item.weight;
      if (left < 0) return item;
    }
    return items[items.length - 1] as Item;
  }

  hex(length: number): string {
    let text = "";
    while (text.length < length) text += this.int(0, 15).toString(16);
    return text;
  }

  uuid(): string {
    const hex = this.hex(32);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  }
}

function mixNumber(hash: number, value: number): number {
  let mixed = Math.imul(hash ^ value, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** Folds keys into one 32-bit number: FNV-1a over strings, a murmur finaliser over numbers. */
export function hash(...keys: (string | number)[]): number {
  let state = 0x811c9dc5;
  for (const key of keys) {
    if (typeof key === "number") {
      state = mixNumber(mixNumber(state, key | 0), Math.floor(key / 4_294_967_296));
      continue;
    }
    for (let index = 0; index < key.length; index += 1) state = Math.imul(state ^ key.charCodeAt(index), 0x01000193);
    state = mixNumber(state, key.length);
  }
  return state;
}

/** An independent stream for one purpose, e.g. `random(seed, corporationId, "wallet", tick)`. */
export function random(...keys: (string | number)[]): Random {
  return new Random(hash(...keys));
}
