/** An append-only table of numbers: a year of journal in a few megabytes where objects would need ten times that. */
export class Columns<Name extends string> {
  length = 0;
  readonly #names: readonly Name[];
  readonly #columns: Record<Name, Float64Array>;

  constructor(...names: Name[]) {
    this.#names = names;
    this.#columns = Object.fromEntries(names.map((name) => [name, new Float64Array(64)])) as Record<Name, Float64Array>;
  }

  push(row: Record<Name, number>): void {
    for (const name of this.#names) {
      let column = this.#columns[name];
      if (this.length === column.length) {
        const grown = new Float64Array(column.length * 2);
        grown.set(column);
        this.#columns[name] = grown;
        column = grown;
      }
      column[this.length] = row[name];
    }
    this.length += 1;
  }

  at(name: Name, index: number): number {
    return this.#columns[name][index] ?? Number.NaN;
  }

  /** Index of the first row whose value is not below `value`; the column must be ascending. */
  firstFrom(name: Name, value: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.at(name, middle) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Rows from the first whose value is not below `value` to the end. */
  countFrom(name: Name, value: number): number {
    return this.length - this.firstFrom(name, value);
  }
}
