import "../../owners/index.ts";
import * as z from "zod";
import { findEnrolled } from "../../engine/kind/index.ts";
import { corporation, keyOf, Owner } from "../../owner/index.ts";
import type { QueueName } from "../../platform/topology/index.ts";
import { queues } from "../../platform/topology/index.ts";
import { Attempt, attemptsOf } from "../attempt/index.ts";
import type { Held } from "./hold.ts";

export const Name = z.enum(Object.keys(queues) as [QueueName, ...QueueName[]]);

/** A message that failed as often as its queue allows. */
export const Letter = z.object({
  queue: Name,
  messageId: z.string(),
  /** Whose datasets the message is about. */
  owner: Owner.optional(),
  ownerName: z.string().optional(),
  datasets: z.array(z.string()),
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
  owner: Owner.optional().catch(undefined),
  /** Messages of earlier releases, and those to browsers, name a corporation. */
  corporationId: z.int().optional().catch(undefined),
  datasets: z.array(z.string()).optional().catch(undefined),
  /** Messages of earlier releases name one. */
  dataset: z.string().optional().catch(undefined),
  type: z.string().optional().catch(undefined),
  data: z.object({ corporationId: z.int().optional() }).optional().catch(undefined),
});

function whatItIsAbout(body: string): Pick<Letter, "owner" | "datasets" | "type"> {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    // Not even JSON: the letter shows the body as it came.
    return { datasets: [] };
  }
  const { data, corporationId = data?.corporationId, dataset, ...known } = Known.catch({}).parse(json);
  const owner = known.owner ?? (corporationId === undefined ? undefined : corporation(corporationId));
  const { datasets = dataset === undefined ? [] : [dataset] } = known;
  return { ...known, datasets, ...(owner ? { owner } : {}) };
}

/** A worker that is killed or runs out of time or memory cannot say so. */
const unknownReason = {
  code: "worker.silent",
  message: "No attempt left a reason: the worker was killed, or ran out of time or memory, before it could say why.",
};

async function namesOf(owners: readonly Owner[]): Promise<Map<string, string | undefined>> {
  const asked = new Map(owners.map((owner) => [keyOf(owner), owner]));
  return new Map(
    await Promise.all([...asked].map(async ([key, owner]) => [key, (await findEnrolled(owner))?.name] as const)),
  );
}

/** What is known of each message: whose datasets it is about, and why it failed each time. */
export async function describe(held: readonly Held[]): Promise<Letter[]> {
  const about = held.map(({ body }) => whatItIsAbout(body));
  const [attempts, names] = await Promise.all([
    attemptsOf(held.map(({ trace }) => trace)),
    namesOf(about.flatMap(({ owner }) => owner ?? [])),
  ]);
  const now = Date.now();
  return held.map(({ queue, messageId, trace, sentAt, body }, index) => {
    const tried = attempts.get(trace) ?? [];
    const last = tried.at(-1);
    const { owner, datasets = [], type } = about[index] ?? {};
    return Letter.parse({
      queue,
      messageId,
      owner,
      ownerName: owner && names.get(keyOf(owner)),
      datasets,
      type,
      sentAt: new Date(sentAt).toISOString(),
      ageSeconds: Math.max(0, Math.round((now - sentAt) / 1000)),
      firstAttemptAt: tried[0]?.at,
      lastAttemptAt: last?.at,
      reason: last ? { code: last.code, message: last.message } : unknownReason,
      attempts: tried,
      body,
    });
  });
}
