import { randomUUID } from "node:crypto";
import * as Owner from "@tapi/core/owner";
import * as Push from "@tapi/core/push";

/** Subscribes a connection of somebody to a corporation, as an open page does. Ends with `leave`. */
export async function listenTo(corporationId: number): Promise<{ leave: () => Promise<void> }> {
  const subscription = {
    topic: Push.topicOf(Owner.corporation(corporationId)),
    connectionId: randomUUID(),
    userId: randomUUID(),
  };
  await Push.subscribe([subscription], Date.now() + 3_600_000);
  return { leave: () => Push.unsubscribe(subscription.connectionId, [subscription.topic]) };
}
