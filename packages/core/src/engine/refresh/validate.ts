import * as z from "zod";
import { canonical, isInReach, LedgerMoment, Moment } from "../../platform/moment/index.ts";
import * as Snapshot from "../../snapshot/index.ts";
import { type Dataset, type Row, shapeOf, type ValidatedPage } from "../dataset/index.ts";

type Check = (value: unknown) => boolean;
type Plain = Pick<Snapshot.Field, "kind" | "optional">;

/** What a schema plainly says of a value; undefined for anything less simple. */
function plainOf(schema: z.core.$ZodType): Plain | undefined {
  if (schema instanceof z.ZodOptional) {
    const inner = plainOf(schema.unwrap() as z.core.$ZodType);
    return inner && { ...inner, optional: true };
  }
  if (schema === Moment) return { kind: "moment", optional: false };
  if ((schema._zod.def as { checks?: unknown[] }).checks?.length) return undefined;
  if (schema instanceof z.ZodNumberFormat) {
    return schema.format === "safeint" ? { kind: "integer", optional: false } : undefined;
  }
  if (schema instanceof z.ZodNumber) return { kind: "number", optional: false };
  if (schema instanceof z.ZodString) return { kind: "text", optional: false };
  if (schema instanceof z.ZodBoolean) return { kind: "boolean", optional: false };
  return undefined;
}

/** The columns of a schema that says no more of each than what type it has; undefined for any other. */
export function fieldsOf({ shape }: z.ZodObject): Snapshot.Field[] | undefined {
  const fields = Object.entries(shape).flatMap(([name, schema]) => {
    const plain = plainOf(schema);
    return plain ? [{ name, ...plain }] : [];
  });
  return fields.length === Object.keys(shape).length ? fields : undefined;
}

const testOf: Record<Plain["kind"], (value: string) => string> = {
  integer: (value) => `Number.isSafeInteger(${value})`,
  number: (value) => `Number.isFinite(${value})`,
  text: (value) => `typeof ${value} === "string"`,
  boolean: (value) => `typeof ${value} === "boolean"`,
  moment: (value) => `isMoment(${value})`,
};

const isMoment = (value: unknown): boolean => typeof value === "string" && canonical(value) === value;
const isLedgerMoment = (value: unknown): boolean => isMoment(value) && isInReach(value as string);

function expressionOf(schema: z.core.$ZodType, value: string): string {
  if (schema === LedgerMoment) return `isLedgerMoment(${value})`;
  const plain = plainOf(schema);
  if (!plain) return "false";
  const test = testOf[plain.kind](value);
  return plain.optional ? `(${value} === undefined || ${test})` : test;
}

/** One expression that names each field, for the reason that `snapshot/table.ts` gives. */
function compile({ shape }: z.ZodObject): Check {
  const tests = Object.entries(shape).map(([name, field]) => expressionOf(field, `row[${JSON.stringify(name)}]`));
  const all = ['typeof row === "object" && row !== null', ...tests].join(" && ");
  const make = new Function("isMoment", "isLedgerMoment", `return (row) => ${all};`);
  return make(isMoment, isLedgerMoment) as Check;
}

const compiled = new WeakMap<z.ZodObject, Check>();

/**
 * Whether a row is plainly what its schema says, without parsing it: a collection of 100,000 rows is checked in a tenth of
 * the time. "No" only means that the schema itself has to decide; a test holds the two against each other.
 */
export function matcherOf(schema: z.ZodObject): (row: unknown) => row is Record<string, unknown> {
  const check = compiled.get(schema) ?? compile(schema);
  compiled.set(schema, check);
  return check as (row: unknown) => row is Record<string, unknown>;
}

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
