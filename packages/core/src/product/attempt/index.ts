import * as z from "zod";
import * as Actor from "../../platform/actor/index.ts";
import { ttlAt } from "../../platform/db/index.ts";
import { VisibleError } from "../../platform/error/index.ts";
import * as Log from "../../platform/log/index.ts";
import { attempts } from "./attempt.entity.ts";

/** A dead-letter queue keeps a message for 14 days; its history stays a day longer. */
const keptMs = 15 * 86_400_000;

const longestMessage = 500;

/** One failed attempt at a message. */
export const Attempt = z.object({
  at: z.iso.datetime(),
  /** SQS's id at that time: a redrive gives a new one. */
  messageId: z.string(),
  /** Delivery of that message in that queue, from 1. */
  number: z.int(),
  code: z.string(),
  message: z.string(),
  requestId: z.string().optional(),
  worker: z.string().optional(),
});
export type Attempt = z.infer<typeof Attempt>;

export interface Failed {
  trace: string;
  messageId: string;
  number: number;
  error: unknown;
  requestId?: string | undefined;
  worker?: string | undefined;
}

function reasonOf(error: unknown): { code: string; message: string } {
  if (error instanceof z.ZodError) return { code: "message.malformed", message: z.prettifyError(error) };
  if (error instanceof VisibleError) return { code: error.code, message: error.message };
  return error instanceof Error ? { code: error.name, message: error.message } : { code: "Error", message: `${error}` };
}

/** Keeps why a message failed, in one small write. */
export async function recordAttempt({ trace, messageId, number, error, requestId, worker }: Failed): Promise<void> {
  Actor.assertSystem();
  const now = Date.now();
  const { code, message } = reasonOf(error);
  const attempt = {
    at: now,
    messageId,
    number,
    code,
    message: Log.redact(message).slice(0, longestMessage),
    ...(requestId ? { requestId } : {}),
    ...(worker ? { worker } : {}),
  };
  await attempts()
    .upsert({ trace })
    .append({ attempts: [attempt] })
    .set({ expiresAt: ttlAt(now + keptMs) })
    .go();
}

/** The failed attempts at each of these messages, oldest first. */
export async function attemptsOf(traces: string[]): Promise<Map<string, Attempt[]>> {
  if (traces.length === 0) return new Map();
  const { data } = await attempts()
    .get([...new Set(traces)].map((trace) => ({ trace })))
    .go();
  return new Map(
    data.map((row) => [
      row.trace,
      row.attempts
        .toSorted((a, b) => a.at - b.at)
        .map((attempt) => Attempt.parse({ ...attempt, at: new Date(attempt.at).toISOString() })),
    ]),
  );
}
