import { Entity } from "electrodb";
import { lazy, options, service } from "../../platform/db/index.ts";

/*
 * Access patterns
 *   the answer that all owners share, and who renews it         sharedAnswers.get({ operation })
 */
export const sharedAnswers = lazy(
  () =>
    new Entity(
      {
        model: { entity: "sharedAnswer", version: "1", service },
        attributes: {
          operation: { type: "string", required: true },
          /** Packed JSON of the rows. */
          data: { type: "any" },
          etag: { type: "string" },
          /** Epoch ms: ESI has nothing newer before. */
          staleAt: { type: "number" },
          /** Epoch ms until which one worker alone asks ESI. */
          leaseUntil: { type: "number" },
        },
        indexes: {
          byOperation: {
            pk: { field: "pk", composite: ["operation"], template: "answer#${operation}", casing: "none" },
            sk: { field: "sk", composite: [], template: "answer", casing: "none" },
          },
        },
      },
      options(),
    ),
);
