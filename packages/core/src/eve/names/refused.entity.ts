import { Entity } from "electrodb";
import { lazy, options, service } from "../../platform/db/index.ts";

/*
 * Access patterns
 *   ids of a kind that ESI did not know, for everybody   refusedIds.get({ kind })
 */
export const refusedIds = lazy(
  () =>
    new Entity(
      {
        model: { entity: "refusedIds", version: "1", service },
        attributes: {
          /** What was looked up: `names`, `planets`, `moons`, `characters`. */
          kind: { type: "string", required: true },
          /** Packed JSON: id -> until when it is left alone, and how often it was refused. */
          data: { type: "any", required: true },
          /** Another writer was first if it is not the one that was read. */
          version: { type: "number", required: true },
        },
        indexes: {
          byKind: {
            pk: { field: "pk", composite: ["kind"], template: "refused#${kind}", casing: "none" },
            sk: { field: "sk", composite: [], template: "refused", casing: "none" },
          },
        },
      },
      options(),
    ),
);
