import type * as z from "zod";
import { type Dataset, type Judged, type Row, shapeOf } from "../dataset/index.ts";
import * as Snapshot from "../snapshot/index.ts";
import { fieldsOf, fitsOf } from "./fits.ts";

const scans = new WeakMap<Dataset, ReturnType<typeof Snapshot.scannerOf> | undefined>();

/** Undefined where the rows are not flat, or their schema says more of a column than what type it has. */
function scanOf(dataset: Dataset): ReturnType<typeof Snapshot.scannerOf> | undefined {
  if (!scans.has(dataset)) {
    const fields = fieldsOf(dataset.row);
    scans.set(dataset, fields && Snapshot.scannerOf(fields));
  }
  return scans.get(dataset);
}

/** Rows that fit, and what is to be known of those that were set aside. */
export interface Sifted extends Omit<Judged, "table"> {
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

function siftEach(dataset: Dataset, rows: readonly Row[]): Sifted {
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
export function sift(dataset: Dataset, rows: readonly Row[]): Sifted {
  if (rows.every(fitsOf(dataset.row))) return { rows, setAside: 0, keptKeys: new Set() };
  return siftEach(dataset, rows);
}

/** Rows held against the dataset's schema, the good ones by column. */
export function judge(dataset: Dataset, rows: readonly Row[]): Judged {
  const { rows: good, ...rest } = sift(dataset, rows);
  return { table: Snapshot.tableOf(shapeOf(dataset), good), ...rest };
}

/**
 * A page as ESI sent it: scanned if it is plainly what the schema says, else judged row by row, as `parse` has read it (a
 * list, or it throws).
 */
export function judgePage(dataset: Dataset, page: Buffer, parse: () => unknown): Judged {
  const table = scanOf(dataset)?.(page);
  return table ? { table, setAside: 0, keptKeys: new Set() } : judge(dataset, parse() as Row[]);
}

/** What was judged page by page, as one. */
export function together(dataset: Dataset, pages: readonly Judged[]): Judged {
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
