import { Entity } from "electrodb";
import { lazy, options, service } from "../../platform/db/index.ts";

/*
 * Access patterns
 *   the failed attempts at some messages   attempts.get([{ trace }, ...])
 * One row a message, found by the trace that it keeps through every redrive; nothing is written while all goes well.
 */
export const attempts = lazy(
  () =>
    new Entity(
      {
        model: { entity: "attempt", version: "1", service },
        attributes: {
          trace: { type: "string", required: true },
          attempts: {
            type: "list",
            required: true,
            items: {
              type: "map",
              properties: {
                at: { type: "number", required: true },
                messageId: { type: "string", required: true },
                number: { type: "number", required: true },
                code: { type: "string", required: true },
                message: { type: "string", required: true },
                requestId: { type: "string" },
                worker: { type: "string" },
              },
            },
          },
          expiresAt: { type: "number", required: true },
        },
        indexes: {
          byMessage: {
            pk: { field: "pk", composite: ["trace"], template: "message#${trace}", casing: "none" },
            sk: { field: "sk", composite: [], template: "attempts", casing: "none" },
          },
        },
      },
      options(),
    ),
);
