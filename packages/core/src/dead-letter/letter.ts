import * as z from "zod";
import { corporations } from "../corporation/corporation.entity.ts";
import type { QueueName } from "../topology/index.ts";
import { queues } from "../topology/index.ts";
import { Attempt, attemptsOf } from "./attempts.ts";
import type { Held } from "./hold.ts";

export const Name = z.enum(Object.keys(queues) as [QueueName, ...QueueName[]]);

/** A message that failed as often as its queue allows. */
export const Letter = z.object({
  queue: Name,
  messageId: z.string(),
  corporationId: z.int().optional(),
  corporationName: z.string().optional(),
  dataset: z.string().optional(),
  /** What a message of the realtime queue tells. */
  type: z.string().optional(),
  sentAt: z.iso.datetime(),
  ageSeconds: z.int(),
  firstAttemptAt: z.iso.datetime().optional(),
  lastAttemptAt: z.iso.datetime().optional(),
  /** Of the last attempt. */
  reason: z.object({ code: z.string(), message: z.string() }),
  attempts: z.array(Attempt),
  /** As it was sent. */
  body: z.string(),
});
export type Letter = z.infer<typeof Letter>;

const Known = z.object({
  corporationId: z.int().optional().catch(undefined),
  dataset: z.string().optional().catch(undefined),
  type: z.string().optional().catch(undefined),
  data: z.object({ corporationId: z.int().optional() }).optional().catch(undefined),
});

function whatItIsAbout(body: string): Pick<Letter, "corporationId" | "dataset" | "type"> {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    // Not even JSON: the letter shows the body as it came.
    return {};
  }
  const { data, ...known } = Known.catch({}).parse(json);
  const corporationId = known.corporationId ?? data?.corporationId;
  return { ...known, ...(corporationId === undefined ? {} : { corporationId }) };
}

/** A worker that is killed or runs out of time or memory cannot say so. */
const unsaid = {
  code: "worker.silent",
  message: "No attempt left a reason: the worker was killed, or ran out of time or memory, before it could say why.",
};

async function corporationNames(ids: number[]): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map();
  const { data } = await corporations()
    .get([...new Set(ids)].map((corporationId) => ({ corporationId })))
    .go();
  return new Map(data.map(({ corporationId, name }) => [corporationId, name]));
}

/** What is known of each message: which corporation and dataset it is about, and why it failed each time. */
export async function describe(held: readonly Held[]): Promise<Letter[]> {
  const about = held.map(({ body }) => whatItIsAbout(body));
  const [attempts, names] = await Promise.all([
    attemptsOf(held.map(({ trace }) => trace)),
    corporationNames(about.flatMap(({ corporationId }) => corporationId ?? [])),
  ]);
  const now = Date.now();
  return held.map(({ queue, messageId, trace, sentAt, body }, index) => {
    const tried = attempts.get(trace) ?? [];
    const last = tried.at(-1);
    const { corporationId, dataset, type } = about[index] ?? {};
    return Letter.parse({
      queue,
      messageId,
      corporationId,
      corporationName: corporationId === undefined ? undefined : names.get(corporationId),
      dataset,
      type,
      sentAt: new Date(sentAt).toISOString(),
      ageSeconds: Math.max(0, Math.round((now - sentAt) / 1000)),
      firstAttemptAt: tried[0]?.at,
      lastAttemptAt: last?.at,
      reason: last ? { code: last.code, message: last.message } : unsaid,
      attempts: tried,
      body,
    });
  });
}
