import { Entity } from "electrodb";
import { lazy, options, service } from "../platform/db/index.ts";

/*
 * Access patterns
 *   a corporation's directors                         directors.query.byCorporation({ corporationId })
 *   one director, also as "can this user read it"     directors.get({ corporationId, characterId })
 *   the corporations a user directs                   directors.query.byUser({ userId })
 *   health and budgets of a corporation's directors   health.query.byCorporation({ corporationId })
 */

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
          /** The director can read the corporation until then, unless ESI confirms the role Director again. */
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

/** A row of its own without an index, because it changes with every use: one write unit a use. */
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
          /** Dataset -> its last refusal for this director. */
          incidents: { type: "any", required: true },
          /** Rate-limit budgets by group, in the form that the ESI module reads and writes. */
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
