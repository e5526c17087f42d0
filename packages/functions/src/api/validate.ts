import { VisibleError } from "@tapi/core/error";
import type { ValidationTargets } from "hono";
import { validator } from "hono-openapi";
import type * as z from "zod";

/** Parses a part of the request; what does not fit is a 400 that names each field and what is wrong with it. */
export const validate = <Target extends keyof ValidationTargets, Schema extends z.ZodType>(
  target: Target,
  schema: Schema,
) =>
  validator(target, schema, (result) => {
    if (result.success) return;
    const issues = result.error.map(({ path = [], message }) => ({
      path: path.map((part) => String(typeof part === "object" ? part.key : part)).join("."),
      message,
    }));
    const [first] = issues;
    throw new VisibleError(
      "validation",
      "request.invalid",
      first ? `${first.path || target}: ${first.message}` : "Not valid.",
      issues,
    );
  });
