import { VisibleError } from "@tapi/core/error";
import type { Env, MiddlewareHandler, ValidationTargets } from "hono";
import { type InferInput, validator } from "hono/validator";
import type * as z from "zod";
import { noted } from "./openapi.ts";

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
  : InferInput<z.input<Schema>, Target>;

type Validated<Schema extends z.ZodType, Target extends keyof ValidationTargets> = {
  in: { [K in Target]: Given<Schema, Target> };
  out: { [K in Target]: z.output<Schema> };
};

/** Parses a part of the request; what does not fit is a 400 that names each field and what is wrong with it. */
export const validate = <
  Target extends keyof ValidationTargets,
  Schema extends z.ZodType,
  E extends Env,
  P extends string,
>(
  target: Target,
  schema: Schema,
): MiddlewareHandler<E, P, Validated<Schema, Target>> => {
  const middleware = validator(target as "query", (value) => parse(target, schema, value));
  return noted(middleware as MiddlewareHandler, { takes: { target, schema } }) as MiddlewareHandler<
    E,
    P,
    Validated<Schema, Target>
  >;
};
