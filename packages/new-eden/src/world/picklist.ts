import type { Random } from "../random.ts";

/** Ids from which one can be drawn or removed in constant time, whatever their number. */
export class PickList {
  readonly #ids: number[] = [];
  readonly #at = new Map<number, number>();

  get size(): number {
    return this.#ids.length;
  }

  add(id: number): void {
    if (this.#at.has(id)) return;
    this.#at.set(id, this.#ids.length);
    this.#ids.push(id);
  }

  remove(id: number): void {
    const index = this.#at.get(id);
    if (index === undefined) return;
    const last = this.#ids.pop() as number;
    this.#at.delete(id);
    if (last === id) return;
    this.#ids[index] = last;
    this.#at.set(last, index);
  }

  pick(random: Random): number {
    return random.pick(this.#ids);
  }
}
