import { Entity } from "electrodb";
import { lazy, options, service } from "../platform/db/index.ts";

/*
 * Access patterns
 *   the audit trail, newest first   entries.query.all({})
 * Rows are created and never changed or removed; a few a day, so that one partition holds them.
 */
export const entries = lazy(
  () =>
    new Entity(
      {
        model: { entity: "auditEntry", version: "1", service },
        attributes: {
          /** Ascends with time. */
          id: { type: "string", required: true },
          at: { type: "number", required: true },
          action: { type: "string", required: true },
          by: { type: "string", required: true },
          userId: { type: "string" },
          characterId: { type: "number" },
          reason: { type: "string" },
          /** A copy of what was changed: it can be deleted now. */
          subject: { type: "any", required: true },
        },
        indexes: {
          all: {
            pk: { field: "pk", composite: [], template: "audit", casing: "none" },
            sk: { field: "sk", composite: ["id"], template: "entry#${id}", casing: "none" },
          },
        },
      },
      options(),
    ),
);
