import { resolver } from "hono-openapi";
import * as z from "zod";

const Failure = z.object({
  error: z.object({ code: z.string(), message: z.string(), details: z.unknown().optional(), requestId: z.string() }),
});

const json = (schema: z.ZodType) => ({ "application/json": { schema: resolver(schema) } });

type Responses = Record<number, { description: string; content?: ReturnType<typeof json> }>;

const failure = (description: string) => ({ description, content: json(Failure) });

/** What every route may answer besides its success. */
const failures: Responses = {
  400: failure("The input is not valid; `details` says where."),
  401: failure("Nobody is logged in."),
  404: failure("There is no such thing, or it is not yours."),
  500: failure("Our mistake; the request id finds it in the logs."),
};

/** OpenAPI description of a route: what it answers, in the envelope. */
export const describe = (
  summary: string,
  data?: z.ZodType,
  options: { meta?: z.ZodType; status?: number; text?: string } = {},
) => ({
  summary,
  responses: {
    [options.status ?? (data || options.text ? 200 : 204)]: {
      description: summary,
      ...(data ? { content: json(z.object({ data, ...(options.meta ? { meta: options.meta } : {}) })) } : {}),
      ...(options.text ? { content: { [options.text]: {} } } : {}),
    },
    ...failures,
  },
});
