import * as z from "zod";
import { Owner } from "../../owner/index.ts";

/** Messages of earlier releases, in queues and dead-letter queues, name a corporation, or a single dataset. */
function current(message: unknown): unknown {
  if (typeof message !== "object" || message === null) return message;
  const { corporationId, dataset, ...rest } = message as Record<string, unknown>;
  return {
    ...rest,
    ...(corporationId === undefined ? {} : { owner: { kind: "corporation", id: corporationId } }),
    ...(dataset === undefined ? {} : { datasets: [dataset] }),
  };
}

const Current = z.object({
  owner: Owner,
  /** All of one class. */
  datasets: z.array(z.string()).min(1),
  reason: z.enum(["schedule", "user"]),
  /** Since when (epoch ms) they have been put off, because ESI was not to be asked. */
  deferredSince: z.int().optional(),
});
export type Message = z.output<typeof Current>;

/** Some datasets of one owner are to be refreshed. */
export const Message = z.preprocess(current, Current) as z.ZodType<Message, Message>;
