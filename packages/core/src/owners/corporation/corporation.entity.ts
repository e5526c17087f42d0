import { Entity } from "electrodb";
import { tiers } from "../../owner/index.ts";
import { lazy, options, service } from "../../platform/db/index.ts";

/*
 * Access patterns
 *   a corporation   corporations.get({ corporationId })
 */

/**
 * Why nothing is fetched of a corporation any more. `abandoned`: EVE confirms none of its directors. `closed`: EVE says that
 * it was closed in the game.
 */
export const inactivities = ["abandoned", "closed"] as const;

export const corporations = lazy(
  () =>
    new Entity(
      {
        model: { entity: "corporation", version: "1", service },
        attributes: {
          corporationId: { type: "number", required: true },
          name: { type: "string", required: true },
          ticker: { type: "string", required: true },
          tier: { type: tiers, required: true },
          addedAt: { type: "number", required: true },
          addedBy: { type: "string", required: true },
          /** Absent: active. */
          status: { type: inactivities },
          /** Of one that is not active: since when, and when everything that is stored of it is deleted (epoch ms). */
          statusSince: { type: "number" },
          deleteAt: { type: "number" },
          /** Users who lost a director lately, and of one that is not active all who were told of it. */
          formerly: {
            type: "list",
            items: {
              type: "map",
              properties: { userId: { type: "string", required: true }, at: { type: "number", required: true } },
            },
          },
        },
        indexes: {
          primary: {
            pk: { field: "pk", composite: ["corporationId"], template: "corporation#${corporationId}", casing: "none" },
            sk: { field: "sk", composite: [], template: "corporation", casing: "none" },
          },
        },
      },
      options(),
    ),
);
