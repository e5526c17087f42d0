import { Entity } from "electrodb";
import { lazy, options, service } from "../platform/db/index.ts";

/*
 * Access patterns
 *   who is subscribed to a topic              subscriptions.query.byTopic({ topic })
 *   what a connection is subscribed to        subscriptions.query.byConnection({ connectionId })
 */
export const subscriptions = lazy(
  () =>
    new Entity(
      {
        model: { entity: "subscription", version: "1", service },
        attributes: {
          topic: { type: "string", required: true },
          connectionId: { type: "string", required: true },
          userId: { type: "string", required: true },
          expiresAt: { type: "number", required: true },
        },
        indexes: {
          byTopic: {
            pk: { field: "pk", composite: ["topic"], template: "topic#${topic}", casing: "none" },
            sk: { field: "sk", composite: ["connectionId"], template: "connection#${connectionId}", casing: "none" },
          },
          byConnection: {
            index: "lookup",
            pk: {
              field: "lookupPk",
              composite: ["connectionId"],
              template: "connection#${connectionId}#subscription",
              casing: "none",
            },
            sk: { field: "lookupSk", composite: ["topic"], template: "topic#${topic}", casing: "none" },
          },
        },
      },
      options(),
    ),
);
