/** Which collection: its owner's key (`corporation#98000001`) and its name within it. */
export interface Address {
  owner: string;
  collection: string;
}

export const addressKey = ({ owner, collection }: Address): string => `${owner}/${collection}`;

/** How a collection's rows look: its columns and the ones that together name a row. */
export interface Shape {
  columns: readonly string[];
  key: readonly string[];
  /** Names rows that were stored before they had the columns of `key`. */
  formerKey?: readonly string[];
}

export type Key = string | number;

/** Ascending order of keys: numbers before texts, so that any mix has one order. */
export const compareKeys = (a: Key, b: Key): number => {
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
};

/** The key of a row: a lone numeric column stays a number, anything else becomes a text joined by `|`. */
export const keyOf = (shape: Shape, value: (column: string) => unknown): Key => {
  const only = shape.key.length === 1 ? value(shape.key[0] as string) : undefined;
  if (typeof only === "number") return only;
  const isFormer = shape.formerKey && shape.key.every((column) => (value(column) ?? undefined) === undefined);
  return (isFormer ? (shape.formerKey ?? []) : shape.key).map((column) => String(value(column) ?? "")).join("|");
};
