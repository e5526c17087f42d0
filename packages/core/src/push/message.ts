import { ulid } from "ulid";
import * as z from "zod";
import { Owner } from "../owner/index.ts";

/** A message to browsers. `topic` decides who gets it; `id` ascends with time. */
export const Message = z.object({
  id: z.string(),
  type: z.string(),
  topic: z.string(),
  at: z.iso.datetime(),
  data: z.record(z.string(), z.unknown()),
});
export type Message = z.infer<typeof Message>;

/** What concerns an owner, e.g. `corporation:98000001`. */
export const topicOf = ({ kind, id }: Owner): string => `${kind}:${id}`;

/** The owner whose topic it is; undefined for every other topic. */
export function ownerOfTopic(topic: string): Owner | undefined {
  const [, kind, id] = /^([a-z]+):([1-9]\d{0,14})$/.exec(topic) ?? [];
  const owner = Owner.safeParse({ kind, id: Number(id) });
  return owner.success ? owner.data : undefined;
}

export const userTopic = (userId: string): string => `user:${userId}`;
/** Internal: nobody can subscribe to it. */
export const sessionTopic = (sessionId: string): string => `session:${sessionId}`;

/**
 * A message of this moment.
 *
 * @example compose("dataset.refreshed", topicOf(corporation(98000001)), { dataset: "wallets" })
 */
export function compose(type: string, topic: string, data: Record<string, unknown>): Message {
  const now = Date.now();
  return { id: ulid(now), type, topic, at: new Date(now).toISOString(), data };
}
