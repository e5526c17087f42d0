import { LRU } from "tiny-lru";

/**
 * A map that holds at most `max`, and forgets what was used longest ago: a process lives as long as it is called, and
 * without a bound whatever it remembers would grow. `weigh` says how much an entry counts for; absent: each one for 1.
 * @example const opened = new Bounded<string, string>(500);
 */
export class Bounded<Key extends string | number, Value> {
  readonly #entries = new LRU<{ value: Value; weight: number }>();
  readonly #max: number;
  readonly #weigh: (value: Value) => number;
  #weight = 0;

  constructor(max: number, weigh: (value: Value) => number = () => 1) {
    this.#max = max;
    this.#weigh = weigh;
  }

  /** The value, which counts as used just now. */
  get(key: Key): Value | undefined {
    return this.#entries.get(key)?.value;
  }

  /** The value; when it was last used stays as it is. */
  peek(key: Key): Value | undefined {
    return this.#entries.peek(key)?.value;
  }

  /** Keeps a value, unless it alone is more than `max`. */
  set(key: Key, value: Value): void {
    this.delete(key);
    const weight = this.#weigh(value);
    if (weight > this.#max) return;
    this.#entries.set(key, { value, weight });
    this.#weight += weight;
    while (this.#weight > this.#max) this.delete(this.#entries.first?.key as Key);
  }

  delete(key: Key): void {
    this.#weight -= this.#entries.peek(key)?.weight ?? 0;
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
    this.#weight = 0;
  }
}
