import { Entity } from "electrodb";
import * as Db from "../../platform/db/index.ts";

// byId: a session by its id, which is the hash of its cookie.
// byUser: the sessions of a user, to end them all.
export const SessionEntity = Db.lazy(
  () =>
    new Entity(
      {
        model: { entity: "session", version: "1", service: Db.service },
        attributes: {
          sessionId: { type: "string", required: true },
          userId: { type: "string", required: true },
          createdAt: { type: "number", required: true },
          seenAt: { type: "number", required: true },
          /** The sliding end, in epoch seconds. */
          expiresAt: { type: "number", required: true },
        },
        indexes: {
          byId: {
            pk: { field: "pk", composite: ["sessionId"], template: "session#${sessionId}", casing: "none" },
            sk: { field: "sk", composite: [], template: "session", casing: "none" },
          },
          byUser: {
            index: "lookup",
            pk: { field: "lookupPk", composite: ["userId"], template: "user#${userId}#session", casing: "none" },
            sk: { field: "lookupSk", composite: ["sessionId"], template: "${sessionId}", casing: "none" },
          },
        },
      },
      Db.options(),
    ),
);
