/** How a collection's rows look: its columns and the ones that together name a row. */
export interface Shape {
  columns: readonly string[];
  key: readonly string[];
  /** Names rows that were stored before they had the columns of `key`. */
  formerKey?: readonly string[];
}

export type Key = string | number;

/** The key of a row: a lone numeric column stays a number, anything else becomes a text joined by `|`. */
export const keyOf = (shape: Shape, value: (column: string) => unknown): Key => {
  const only = shape.key.length === 1 ? value(shape.key[0] as string) : undefined;
  if (typeof only === "number") return only;
  const isFormer = shape.formerKey && shape.key.every((column) => (value(column) ?? undefined) === undefined);
  return (isFormer ? (shape.formerKey ?? []) : shape.key).map((column) => String(value(column) ?? "")).join("|");
};
