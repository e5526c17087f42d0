import * as z from "zod";

/** One dataset of one corporation is to be refreshed. */
export const Message = z.object({
  corporationId: z.int().positive(),
  dataset: z.string(),
  reason: z.enum(["schedule", "user"]),
  /** Since when (epoch ms) it has been put off, because ESI was not to be asked. */
  deferredSince: z.int().optional(),
});
export type Message = z.output<typeof Message>;
