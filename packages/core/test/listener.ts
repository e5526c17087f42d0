import { randomUUID } from "node:crypto";
import { ttlAt } from "../src/db/index.ts";
import { subscriptions } from "../src/realtime/realtime.entity.ts";

/** Somebody has a corporation open: a connection that listens to it. Ends with `leave`. */
export async function listenTo(corporationId: number): Promise<{ leave: () => Promise<void> }> {
  const key = { topic: `corporation:${corporationId}`, connectionId: randomUUID() };
  await subscriptions()
    .put({ ...key, userId: randomUUID(), expiresAt: ttlAt(Date.now() + 3_600_000) })
    .go();
  return {
    leave: async () => {
      await subscriptions().delete(key).go();
    },
  };
}
