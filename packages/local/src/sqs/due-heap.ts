interface Due<T> {
  at: number;
  item: T;
}

/** Items by the moment they are due, earliest first: a binary heap. */
export class DueHeap<T> {
  readonly #heap: Due<T>[] = [];

  peek(): Due<T> | undefined {
    return this.#heap[0];
  }

  push(at: number, item: T): void {
    const heap = this.#heap;
    const entry = { at, item };
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (!above || above.at <= at) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = entry;
  }

  pop(): Due<T> | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const smaller = (heap[left + 1]?.at ?? Number.POSITIVE_INFINITY) < (heap[left]?.at ?? 0) ? left + 1 : left;
      const child = heap[smaller];
      if (!child || child.at >= last.at) break;
      heap[index] = child;
      index = smaller;
    }
    heap[index] = last;
    return first;
  }
}
