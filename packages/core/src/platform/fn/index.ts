import type * as z from "zod";

/**
 * A function that parses its input. `schema` lets a route reuse the same rules.
 * Throws a ZodError on bad input: a caller's bug unless a route has validated the same schema before.
 */
export function fn<Schema extends z.ZodType, Result>(schema: Schema, body: (input: z.output<Schema>) => Result) {
  const wrapped = (input: z.input<Schema>): Result => body(schema.parse(input));
  return Object.assign(wrapped, { schema });
}
