import type { Row } from "../api/contract.ts";

/** Values of a row for custom pages: what is missing or of another kind is undefined. */
export function textOf(row: Row, key: string): string | undefined {
  const value = row[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function numberOf(row: Row, key: string): number | undefined {
  const value = row[key];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** Epoch milliseconds of a date. */
export function timeOf(row: Row, key: string): number | undefined {
  const time = Date.parse(textOf(row, key) ?? "");
  return Number.isNaN(time) ? undefined : time;
}

/** The name of what an id names, or the id itself. */
export const nameOf = (row: Row, key: string): string => textOf(row, `${key}_name`) ?? String(row[key] ?? "–");
