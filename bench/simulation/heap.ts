/** A binary heap: hands out what comes first. */
export class Heap<T extends { at: number }> {
  readonly #items: T[] = [];

  get first(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    const items = this.#items;
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent] as T;
      if (above.at <= item.at) break;
      items[at] = above;
      at = parent;
    }
    items[at] = item;
  }

  pop(): T | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (!first || !last || items.length === 0) return first;
    let at = 0;
    for (let child = 1; child < items.length; child = 2 * at + 1) {
      const right = items[child + 1];
      if (right && right.at < (items[child] as T).at) child += 1;
      const below = items[child] as T;
      if (below.at >= last.at) break;
      items[at] = below;
      at = child;
    }
    items[at] = last;
    return first;
  }
}
