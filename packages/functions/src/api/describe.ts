import type { MiddlewareHandler } from "hono";
import type * as z from "zod";
import { type Answer, noted } from "./openapi.ts";

/** Describes a route for the OpenAPI document: what it does and what its envelope holds. Lets every request through. */
export const describe = (
  summary: string,
  data?: z.ZodType,
  more: Omit<Answer, "summary" | "data"> = {},
): MiddlewareHandler => noted((_, next) => next(), { answer: { summary, ...(data ? { data } : {}), ...more } });
