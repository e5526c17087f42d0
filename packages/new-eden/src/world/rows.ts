/**
 * Rows by id in a stable order. A row is replaced, never changed in place, so that `list()` can be handed out as a
 * snapshot; it is the same array for as long as nothing changed.
 */
export class Rows<Row extends object> {
  readonly #byId = new Map<number, Row>();
  #list: readonly Row[] | undefined;

  get size(): number {
    return this.#byId.size;
  }

  get(id: number): Row | undefined {
    return this.#byId.get(id);
  }

  has(id: number): boolean {
    return this.#byId.has(id);
  }

  set(id: number, row: Row): void {
    this.#byId.set(id, row);
    this.#list = undefined;
  }

  delete(id: number): void {
    if (this.#byId.delete(id)) this.#list = undefined;
  }

  /** The row that was put in first. */
  first(): Row | undefined {
    return this.#byId.values().next().value;
  }

  /** For walks that replace or delete rows on the way; `list()` is for handing out. */
  values(): IterableIterator<Row> {
    return this.#byId.values();
  }

  list(): readonly Row[] {
    this.#list ??= [...this.#byId.values()];
    return this.#list;
  }
}
