import { CustomAttributeType, Entity, type EntityItem } from "electrodb";
import * as Db from "../../platform/db/index.ts";
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
          /** Scopes that were once granted or asked for with this character and are not granted now. */
          missingScopes: { type: "list", items: { type: "string" } },
          ownerHash: { type: "string", required: true },
          /** Both tokens, encrypted; absent once the token is dead. */
          sealed: { type: CustomAttributeType<Uint8Array>("any") },
          accessExpiresAt: { type: "number", required: true },
          /** New at every write of the blob: the condition that stops two writers from overwriting each other. */
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
/** The row of a valid token: it has its secrets. */
export type SealedRow = TokenRow & { sealed: Uint8Array };

/** Tokens are spread over this many index partitions, so that no partition holds them all. */
export const shards = 8;

// byCharacter: when the keeper refreshes a token next.
// due: the tokens of a shard that are due, earliest first.
// A row of its own beside the token, so that the index does not copy (and bill) the encrypted blob at every refresh.
export const TokenKeepEntity = Db.lazy(
  () =>
    new Entity(
      {
        model: { entity: "token-keep", version: "1", service: Db.service },
        attributes: {
          characterId: { type: "number", required: true },
          keepShard: { type: "number", required: true },
          keepAt: { type: "number", required: true, padding: { length: 13, char: "0" } },
        },
        indexes: {
          byCharacter: {
            pk: { field: "pk", composite: ["characterId"], template: "character#${characterId}", casing: "none" },
            sk: { field: "sk", composite: [], template: "token-keep", casing: "none" },
          },
          due: {
            index: "lookup",
            pk: { field: "lookupPk", composite: ["keepShard"], template: "token-keep#${keepShard}", casing: "none" },
            sk: { field: "lookupSk", composite: ["keepAt"], template: "at#${keepAt}", casing: "none" },
          },
        },
      },
      Db.options(),
    ),
);

// byCharacter: what a character's token was used for, by time.
export const TokenUseEntity = Db.lazy(
  () =>
    new Entity(
      {
        model: { entity: "token-use", version: "1", service: Db.service },
        attributes: {
          characterId: { type: "number", required: true },
          /** Start of the quarter hour that the row stands for. */
          windowAt: { type: "number", required: true, padding: { length: 13, char: "0" } },
          purpose: { type: "string", required: true },
          by: { type: "string", required: true },
          outcome: { type: ["used", "refreshed", "refused", "unavailable"] as const, required: true },
          count: { type: "number", required: true },
          operations: { type: "set", items: "string" },
          lastAt: { type: "number", required: true },
          expiresAt: { type: "number", required: true },
        },
        indexes: {
          byCharacter: {
            pk: { field: "pk", composite: ["characterId"], template: "character#${characterId}", casing: "none" },
            sk: {
              field: "sk",
              composite: ["windowAt", "purpose", "by", "outcome"],
              template: "token-use#${windowAt}#${purpose}#${by}#${outcome}",
              casing: "none",
            },
          },
        },
      },
      Db.options(),
    ),
);
