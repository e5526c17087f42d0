type Json = Record<string, unknown>;

/** Finds the list of an answer: itself, or the only list in a wrapper such as `{ projects, cursor }`. */
function onList(value: unknown, change: (rows: unknown[]) => unknown[]): unknown {
  if (Array.isArray(value)) return change(value);
  if (value === null || typeof value !== "object") return value;
  const entry = Object.entries(value).find(([, part]) => Array.isArray(part));
  return entry ? { ...value, [entry[0]]: change(entry[1] as unknown[]) } : value;
}

/** The answer without any rows. */
export const emptied = (value: unknown): unknown => onList(value, () => []);

/** One row, in the middle, with something where a value must be that is none. */
export function withBadRow(value: unknown): unknown {
  const broken = (row: unknown) => {
    if (row === null || typeof row !== "object") return "broken";
    const [key] = Object.keys(row);
    return key === undefined ? row : { ...(row as Json), [key]: { broken: true } };
  };
  const isList = Array.isArray(value) || Object.values(value as object).some(Array.isArray);
  if (!isList) return broken(value);
  return onList(value, (rows) => {
    const middle = Math.floor(rows.length / 2);
    return rows.map((row, index) => (index === middle ? broken(row) : row));
  });
}

/** A row that stood on the first page stands here once more. */
export const withDuplicate = (value: unknown, first: unknown): unknown => onList(value, (rows) => [...rows, first]);
