import { Entity } from "electrodb";
import { lazy, options, service } from "../../platform/db/index.ts";

/*
 * Access patterns
 *   one connection                            connections.get({ connectionId })
 *   the connections of a session              connections.query.bySession({ sessionId })
 *   a user's unacknowledged notices           notices.query.byUser({ userId })
 */

export const connections = lazy(
  () =>
    new Entity(
      {
        model: { entity: "connection", version: "1", service },
        attributes: {
          connectionId: { type: "string", required: true },
          userId: { type: "string", required: true },
          sessionId: { type: "string", required: true },
          connectedAt: { type: "number", required: true },
          expiresAt: { type: "number", required: true },
        },
        indexes: {
          primary: {
            pk: { field: "pk", composite: ["connectionId"], template: "connection#${connectionId}", casing: "none" },
            sk: { field: "sk", composite: [], template: "connection", casing: "none" },
          },
          bySession: {
            index: "lookup",
            pk: {
              field: "lookupPk",
              composite: ["sessionId"],
              template: "session#${sessionId}#connection",
              casing: "none",
            },
            sk: { field: "lookupSk", composite: ["connectionId"], template: "${connectionId}", casing: "none" },
          },
        },
      },
      options(),
    ),
);

export const notices = lazy(
  () =>
    new Entity(
      {
        model: { entity: "notice", version: "1", service },
        attributes: {
          userId: { type: "string", required: true },
          id: { type: "string", required: true },
          message: { type: "any", required: true },
          expiresAt: { type: "number", required: true },
        },
        indexes: {
          byUser: {
            pk: { field: "pk", composite: ["userId"], template: "user#${userId}", casing: "none" },
            sk: { field: "sk", composite: ["id"], template: "notice#${id}", casing: "none" },
          },
        },
      },
      options(),
    ),
);
