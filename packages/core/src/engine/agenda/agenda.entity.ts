import { Entity } from "electrodb";
import { lazy, options, service } from "../../platform/db/index.ts";

/*
 * Access patterns
 *   the owners of a shard, with when to look at them   schedules.query.byShard({ shard })
 *   one owner                                          schedules.get({ shard, owner })
 *   how fast the queues' workers are                   paces.get({})
 *
 * One small row an owner in a few partitions: a tick over 10,000 owners reads about 2 MB and no index has to
 * be kept in step, which would cost two write units a refresh.
 */
export const schedules = lazy(
  () =>
    new Entity(
      {
        model: { entity: "schedule", version: "1", service },
        attributes: {
          shard: { type: "number", required: true },
          /** As `Owner.keyOf` writes it. Rows of earlier releases have it in their key alone. */
          owner: { type: "string", required: true },
          tier: { type: ["P0", "P1", "P2", "P3"] as const, required: true },
          /** Nothing is due before. */
          wakeAt: { type: "number", required: true },
          /** What was sent to a queue and has not come back yet: dataset -> when it was to arrive there. */
          sent: { type: "any", required: true },
          /** When somebody last looked at the owner, to ten minutes. */
          viewedAt: { type: "number" },
          /** When the owner was enrolled. */
          since: { type: "number" },
          /** Since when nothing is fetched of the owner; absent: it is refreshed. */
          stoppedAt: { type: "number" },
        },
        indexes: {
          byShard: {
            pk: { field: "pk", composite: ["shard"], template: "schedule#${shard}", casing: "none" },
            sk: { field: "sk", composite: ["owner"], template: "${owner}", casing: "none" },
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
