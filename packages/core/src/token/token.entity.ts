import { CustomAttributeType, Entity, type EntityItem } from "electrodb";
import * as Db from "../db/index.ts";
import { type DeathReason, deathReasons } from "./error.ts";

// byCharacter: the token of a character (one row each). No index: the blob would be billed again in it.
export const TokenEntity = Db.lazy(
  () =>
    new Entity(
      {
        model: { entity: "token", version: "1", service: Db.service },
        attributes: {
          characterId: { type: "number", required: true },
          status: { type: ["valid", "dead"] as const, required: true },
          reason: { type: Object.keys(deathReasons) as DeathReason[] },
          deadAt: { type: "number" },
          scopes: { type: "list", items: { type: "string" }, required: true },
          /** What was once granted or asked for with this character and is not granted now. */
          missingScopes: { type: "list", items: { type: "string" } },
          ownerHash: { type: "string", required: true },
          /** Both tokens, encrypted; gone once the token is dead. */
          sealed: { type: CustomAttributeType<Uint8Array>("any") },
          accessExpiresAt: { type: "number", required: true },
          /** New at every write of the blob: the condition that keeps two writers from undoing each other. */
          version: { type: "string", required: true },
          refreshLockUntil: { type: "number" },
          refreshLockBy: { type: "string" },
          lastRefreshedAt: { type: "number", required: true },
        },
        indexes: {
          byCharacter: {
            pk: { field: "pk", composite: ["characterId"], template: "character#${characterId}", casing: "none" },
            sk: { field: "sk", composite: [], template: "token", casing: "none" },
          },
        },
      },
      Db.options(),
    ),
);

export type TokenRow = EntityItem<ReturnType<typeof TokenEntity>>;
/** A row of which the secrets are there, as those of a valid token are. */
export type SealedRow = TokenRow & { sealed: Uint8Array };
