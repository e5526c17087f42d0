import { ulid } from "ulid";
import * as z from "zod";

/** What is pushed to browsers; `topic` says who may get it. Ids ascend with time. */
export const Message = z.object({
  id: z.string(),
  type: z.string(),
  topic: z.string(),
  at: z.iso.datetime(),
  data: z.record(z.string(), z.unknown()),
});
export type Message = z.infer<typeof Message>;

export const corporationTopic = (corporationId: number): string => `corporation:${corporationId}`;
export const userTopic = (userId: string): string => `user:${userId}`;
/** For ourselves: nobody can subscribe to it. */
export const sessionTopic = (sessionId: string): string => `session:${sessionId}`;

export function compose(type: string, topic: string, data: Record<string, unknown>): Message {
  const now = Date.now();
  return { id: ulid(now), type, topic, at: new Date(now).toISOString(), data };
}
