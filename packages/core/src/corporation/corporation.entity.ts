import { Entity } from "electrodb";
import { lazy, options, service } from "../db/index.ts";

/*
 * Access patterns
 *   a corporation                                  corporations.get({ corporationId })
 *   its directors                                  directors.query.byCorporation({ corporationId })
 *   one director, also as "may this user see it"   directors.get({ corporationId, characterId })
 *   the corporations a user directs                directors.query.byUser({ userId })
 *   health and budgets of a corporation's directors  health.query.byCorporation({ corporationId })
 */

export const tiers = ["P0", "P1", "P2", "P3"] as const;

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

export const directors = lazy(
  () =>
    new Entity(
      {
        model: { entity: "director", version: "1", service },
        attributes: {
          corporationId: { type: "number", required: true },
          characterId: { type: "number", required: true },
          userId: { type: "string", required: true },
          name: { type: "string", required: true },
          addedAt: { type: "number", required: true },
          /** Lower is asked first; equals take turns. */
          priority: { type: "number", required: true },
          roles: { type: "list", items: { type: "string" }, required: true },
          scopes: { type: "list", items: { type: "string" }, required: true },
          /** When ESI last gave the roles. */
          rolesCheckedAt: { type: "number", required: true },
          /** When EVE was last asked about the role, whatever came of it. */
          askedAt: { type: "number" },
          /** Sight of the corporation ends then, unless ESI confirms the role Director before. */
          confirmedUntil: { type: "number" },
        },
        indexes: {
          byCorporation: {
            pk: { field: "pk", composite: ["corporationId"], template: "corporation#${corporationId}", casing: "none" },
            sk: { field: "sk", composite: ["characterId"], template: "director#${characterId}", casing: "none" },
          },
          byUser: {
            index: "lookup",
            pk: { field: "lookupPk", composite: ["userId"], template: "user#${userId}#director", casing: "none" },
            sk: {
              field: "lookupSk",
              composite: ["corporationId", "characterId"],
              template: "corporation#${corporationId}#${characterId}",
              casing: "none",
            },
          },
        },
      },
      options(),
    ),
);

/** Changes with every use, so it stands apart from the director's own row and in no index: one write unit a use. */
export const health = lazy(
  () =>
    new Entity(
      {
        model: { entity: "directorHealth", version: "1", service },
        attributes: {
          corporationId: { type: "number", required: true },
          characterId: { type: "number", required: true },
          failures: { type: "number", required: true },
          lastUsedAt: { type: "number" },
          errorCode: { type: "string" },
          errorMessage: { type: "string" },
          errorAt: { type: "number" },
          /** Dataset -> what last happened to it with this director. */
          incidents: { type: "any", required: true },
          /** Rate-limit budgets by group, as the ESI module hands them out and takes them back. */
          buckets: { type: "any" },
        },
        indexes: {
          byCorporation: {
            pk: { field: "pk", composite: ["corporationId"], template: "corporation#${corporationId}", casing: "none" },
            sk: { field: "sk", composite: ["characterId"], template: "health#${characterId}", casing: "none" },
          },
        },
      },
      options(),
    ),
);
