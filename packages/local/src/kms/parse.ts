import { z } from "zod";
import { ServiceError } from "../wire/service-error.ts";

const dayMs = 86_400_000;

export const daysFromNow = (days: number): number => Date.now() + days * dayMs;
export const toSeconds = (epochMs: number): number => epochMs / 1000;

export const KeyId = z.object({ KeyId: z.string().min(1) });

/** An operation that checks its input as KMS does, before anything else. */
export const operation =
  <Schema extends z.ZodType>(schema: Schema, run: (input: z.output<Schema>) => unknown) =>
  (input: unknown): unknown => {
    const parsed = schema.safeParse(input);
    if (parsed.success) return run(parsed.data);
    throw new ServiceError("ValidationException", z.prettifyError(parsed.error));
  };
