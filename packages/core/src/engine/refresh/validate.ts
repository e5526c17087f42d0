import type * as z from "zod";
import * as Snapshot from "../../snapshot/index.ts";
import { type Dataset, type Row, shapeOf, type ValidatedPage } from "../dataset/index.ts";
import { fieldsOf, matcherOf } from "./matcher.ts";

const scans = new WeakMap<Dataset, ReturnType<typeof Snapshot.scannerOf> | undefined>();

/** Undefined where the rows are not flat, or their schema says more of a column than what type it has. */
function scanOf(dataset: Dataset): ReturnType<typeof Snapshot.scannerOf> | undefined {
  if (!scans.has(dataset)) {
    const fields = fieldsOf(dataset.row);
    scans.set(dataset, fields && Snapshot.scannerOf(fields));
  }
  return scans.get(dataset);
}

/** Rows that fit the schema, and what is known of those set aside. */
export interface PartitionedRows extends Omit<ValidatedPage, "table"> {
  rows: readonly Row[];
}

/** The key of a row that does not fit, if that much of it can be read. */
function keyOf(dataset: Dataset, row: unknown): Snapshot.Key | undefined {
  if (row === null || typeof row !== "object") return undefined;
  const value = (column: string) => (row as Row)[column];
  const shape = shapeOf(dataset);
  const isReadable = shape.key.every((column) => ["string", "number"].includes(typeof value(column)));
  return isReadable ? Snapshot.keyOf(shape, value) : undefined;
}

/** Which column is wrong, and how: in the schema's words, never in ESI's. */
const reasonOf = ({ issues: [issue] }: z.ZodError): string =>
  `${issue?.path.join(".") || "row"}: ${issue?.message ?? "does not fit"}`.slice(0, 200);

function partitionEach(dataset: Dataset, rows: readonly Row[]): PartitionedRows {
  const good: Row[] = [];
  let keptKeys: Set<Snapshot.Key> | undefined = new Set();
  let reason: string | undefined;
  for (const row of rows) {
    const parsed = dataset.row.safeParse(row);
    if (parsed.success) {
      good.push(parsed.data);
      continue;
    }
    reason ??= reasonOf(parsed.error);
    const key = keyOf(dataset, row);
    if (key === undefined) keptKeys = undefined;
    else keptKeys?.add(key);
  }
  return { rows: good, setAside: rows.length - good.length, keptKeys, ...(reason === undefined ? {} : { reason }) };
}

/** One malformed row is set aside with the rest of the page kept; what is stored under its key stays as it was. */
export function partitionRows(dataset: Dataset, rows: readonly Row[]): PartitionedRows {
  if (rows.every(matcherOf(dataset.row))) return { rows, setAside: 0, keptKeys: new Set() };
  return partitionEach(dataset, rows);
}

/** Checks rows against the dataset's schema; those that fit, by column. */
export function validateRows(dataset: Dataset, rows: readonly Row[]): ValidatedPage {
  const { rows: good, ...rest } = partitionRows(dataset, rows);
  return { table: Snapshot.tableOf(shapeOf(dataset), good), ...rest };
}

/**
 * A page as ESI sent it: scanned if it is plainly what the schema says, else validated row by row, as `parse` has read it (a
 * list, or it throws).
 */
export function validatePage(dataset: Dataset, page: Buffer, parse: () => unknown): ValidatedPage {
  const table = scanOf(dataset)?.(page);
  return table ? { table, setAside: 0, keptKeys: new Set() } : validateRows(dataset, parse() as Row[]);
}

/** Pages that were validated one by one, as one. */
export function mergePages(dataset: Dataset, pages: readonly ValidatedPage[]): ValidatedPage {
  const reason = pages.find((page) => page.reason !== undefined)?.reason;
  const known = pages.flatMap(({ keptKeys }) => (keptKeys ? [keptKeys] : []));
  return {
    table: Snapshot.join(
      shapeOf(dataset),
      pages.map(({ table }) => table),
    ),
    setAside: pages.reduce((sum, { setAside }) => sum + setAside, 0),
    keptKeys: known.length < pages.length ? undefined : new Set(known.flatMap((keys) => [...keys])),
    ...(reason === undefined ? {} : { reason }),
  };
}
