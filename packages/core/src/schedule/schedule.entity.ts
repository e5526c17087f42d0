import { Entity } from "electrodb";
import { lazy, options, service } from "../db/index.ts";

/*
 * Access patterns
 *   the corporations of a shard, with when to look at them   schedules.query.byShard({ shard })
 *   one corporation                                          schedules.get({ shard, corporationId })
 *   how fast the queues' workers are                         paces.get({})
 *
 * One small row a corporation in a few partitions: a tick over 10,000 corporations reads about 2 MB and no index has to
 * be kept in step, which would cost two write units a refresh.
 */
export const schedules = lazy(
  () =>
    new Entity(
      {
        model: { entity: "schedule", version: "1", service },
        attributes: {
          shard: { type: "number", required: true },
          corporationId: { type: "number", required: true },
          tier: { type: ["P0", "P1", "P2", "P3"] as const, required: true },
          /** Nothing is due before. */
          wakeAt: { type: "number", required: true },
          /** What was sent to a queue and has not come back yet: dataset -> when it was to arrive there. */
          sent: { type: "any", required: true },
          /** When somebody last looked at the corporation, to ten minutes. */
          viewedAt: { type: "number" },
          /** When the corporation was registered. */
          since: { type: "number" },
          /** Since when nothing is fetched of the corporation; absent: it is refreshed. */
          stoppedAt: { type: "number" },
        },
        indexes: {
          byShard: {
            pk: { field: "pk", composite: ["shard"], template: "schedule#${shard}", casing: "none" },
            sk: { field: "sk", composite: ["corporationId"], template: "corporation#${corporationId}", casing: "none" },
          },
        },
      },
      options(),
    ),
);

export const paces = lazy(
  () =>
    new Entity(
      {
        model: { entity: "schedulePace", version: "1", service },
        attributes: {
          /** Queue -> pace. */
          paces: { type: "any", required: true },
        },
        indexes: {
          primary: {
            pk: { field: "pk", composite: [], template: "schedule", casing: "none" },
            sk: { field: "sk", composite: [], template: "pace", casing: "none" },
          },
        },
      },
      options(),
    ),
);
