import * as z from "zod";
import { LedgerMoment, Moment } from "../../platform/moment/index.ts";

interface Declared {
  row: z.ZodObject;
  columns: Readonly<Record<string, { kind: string } | undefined>>;
  dateColumn?: string | undefined;
}

const isText = (schema: unknown): boolean => schema instanceof z.ZodString && !schema._zod.def.checks?.length;

/**
 * The schema of a dataset's rows, with every text column of kind `date` held to be a moment: whoever declares such a column
 * need not think of the forms in which ESI may write it.
 */
export function withMoments({ row, columns, dateColumn }: Declared): z.ZodObject {
  const read = (name: string, schema: z.core.$ZodType): z.core.$ZodType => {
    if (name === dateColumn && isText(schema)) return LedgerMoment;
    if (columns[name]?.kind !== "date") return schema;
    if (isText(schema)) return Moment;
    return schema instanceof z.ZodOptional && isText(schema.unwrap()) ? z.optional(Moment) : schema;
  };
  return z.object(Object.fromEntries(Object.entries(row.shape).map(([name, schema]) => [name, read(name, schema)])));
}
