import { VisibleError } from "@tapi/core/platform/error";
import type { Context, Env, MiddlewareHandler, ValidationTargets } from "hono";
import { type InferInput, validator } from "hono/validator";
import * as z from "zod";
import { annotated, listNames } from "./openapi.ts";

/** The parameters of a table's columns: `filter.<column>`. */
export const filterPrefix = "filter.";

type Values = ReadonlyMap<string, readonly string[]>;

/** The query's parameters as they were sent, each with all of its values. */
export function queryOf(c: Context): Values {
  const values = new Map<string, string[]>();
  for (const [name, value] of new URL(c.req.url).searchParams) {
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  return values;
}

const twice = (name: string) =>
  new VisibleError("validation", "request.invalid", `${name}: it is given more than once.`, [
    { path: name, message: "It is given more than once." },
  ]);

const empty = (name: string) =>
  new VisibleError("validation", "request.invalid", `${name}: it is empty. Leave it out instead.`, [
    { path: name, message: "It is empty. Leave it out instead." },
  ]);

/**
 * The query as a schema takes it: one text for each parameter, a list for those in `lists`, and the values to filter by
 * for each column in `filters`.
 */
function readQuery(c: Context, lists: readonly string[]): Record<string, unknown> {
  const filters: Record<string, readonly string[]> = {};
  const read: Record<string, unknown> = {};
  for (const [name, values] of queryOf(c)) {
    if (name.startsWith(filterPrefix)) {
      filters[name.slice(filterPrefix.length)] = values;
      continue;
    }
    if (values.includes("")) throw empty(name);
    if (!lists.includes(name) && values.length > 1) throw twice(name);
    read[name] = lists.includes(name) ? values : values[0];
  }
  return { ...read, ...(Object.keys(filters).length > 0 ? { filters } : {}) };
}

function parse<Schema extends z.ZodType>(target: string, schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const details = result.error.issues.map(({ path, message }) => ({ path: path.map(String).join("."), message }));
  const [first] = details;
  const message = first ? `${first.path || target}: ${first.message}` : "Not valid.";
  throw new VisibleError("validation", "request.invalid", message, details);
}

/** What a caller hands over: JSON as it is, everything else as text. */
type Given<Schema extends z.ZodType, Target extends keyof ValidationTargets> = Target extends "json"
  ? z.input<Schema>
  : Target extends "query"
    ? GivenQuery<z.input<Schema>>
    : InferInput<z.input<Schema>, Target>;

/** A list is a parameter that is given several times; a table's filters are a parameter for each column. */
type GivenQuery<Input> = {
  [K in Exclude<keyof Input, "filters">]: NonNullable<Input[K]> extends readonly unknown[] ? string[] : string;
} extends infer Named
  ? { [K in keyof Named as K extends keyof Input ? (undefined extends Input[K] ? never : K) : never]: Named[K] } & {
      [K in keyof Named as K extends keyof Input ? (undefined extends Input[K] ? K : never) : never]?: Named[K];
    } & ("filters" extends keyof Input ? { [filter: `filter.${string}`]: string[] } : unknown)
  : never;

type Validated<Schema extends z.ZodType, Target extends keyof ValidationTargets> = {
  in: { [K in Target]: Given<Schema, Target> };
  out: { [K in Target]: z.output<Schema> };
};

/**
 * Parses a part of the request; what does not fit is a 400 that names each field and what is wrong with it. A query's
 * schema that has `filters` takes `filter.<column>` as well.
 */
export const validate = <
  Target extends keyof ValidationTargets,
  Schema extends z.ZodType,
  E extends Env,
  P extends string,
>(
  target: Target,
  schema: Schema,
): MiddlewareHandler<E, P, Validated<Schema, Target>> => {
  const lists = listNames(schema);
  const middleware = validator(target as "query", (value, c) =>
    parse(target, schema, target === "query" ? readQuery(c, lists) : value),
  );
  const filters = schema instanceof z.ZodObject && "filters" in schema.shape;
  return annotated(middleware as MiddlewareHandler, { takes: { target, schema, filters } }) as MiddlewareHandler<
    E,
    P,
    Validated<Schema, Target>
  >;
};
