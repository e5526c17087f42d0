import * as z from "zod";

type Check = (value: unknown) => boolean;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** A plain check of a schema that has no transformation and no further rules; undefined for anything less simple. */
function checkOf(schema: z.core.$ZodType): Check | undefined {
  const { def } = schema._zod;
  if (schema instanceof z.ZodOptional) {
    const inner = checkOf(schema.unwrap() as z.core.$ZodType);
    return inner && ((value) => value === undefined || inner(value));
  }
  if ((def as { checks?: unknown[] }).checks?.length) return undefined;
  if (schema instanceof z.ZodNumberFormat) {
    return schema.format === "safeint" ? (value) => Number.isSafeInteger(value) : undefined;
  }
  if (schema instanceof z.ZodNumber) return (value) => Number.isFinite(value);
  if (schema instanceof z.ZodString) return (value) => typeof value === "string";
  if (schema instanceof z.ZodBoolean) return (value) => typeof value === "boolean";
  return undefined;
}

const compiled = new WeakMap<z.ZodObject, Check>();

/**
 * Whether a row is plainly what its schema says, without parsing it: a collection of 100,000 rows is judged in a tenth of
 * the time. "No" only means that the schema itself has to decide; a test holds the two against each other.
 */
export function fitsOf(schema: z.ZodObject): (row: unknown) => row is Record<string, unknown> {
  let check = compiled.get(schema);
  if (!check) {
    const fields = Object.entries(schema.shape).map(([name, field]) => [name, checkOf(field)] as const);
    const names = fields.map(([name]) => name);
    const checks = fields.map(([, each]) => each ?? (() => false));
    check = (row) => {
      if (!isObject(row)) return false;
      for (let at = 0; at < names.length; at += 1) if (!(checks[at] as Check)(row[names[at] as string])) return false;
      return true;
    };
    compiled.set(schema, check);
  }
  return check as (row: unknown) => row is Record<string, unknown>;
}
