import type { MiddlewareHandler } from "hono";
import type * as z from "zod";
import { declaredQuery } from "./declared-query.ts";
import { type Answer, annotated } from "./openapi.ts";

/**
 * Describes a route for the OpenAPI document: what it does and what its envelope holds. Every route has a description, so
 * this is also where parameters that none of the route's validators declares are refused.
 */
export const describe = (
  summary: string,
  data?: z.ZodType,
  more: Omit<Answer, "summary" | "data"> = {},
): MiddlewareHandler =>
  annotated((c, next) => declaredQuery(c, next), { answer: { summary, ...(data ? { data } : {}), ...more } });
