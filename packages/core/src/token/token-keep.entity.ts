import { Entity } from "electrodb";
import * as Db from "../db/index.ts";

/** Tokens are spread over this many index partitions, so that no partition holds them all. */
export const shards = 8;

// byCharacter: when a token is next looked at by the keeper.
// due: the tokens of a shard to look at by now, earliest first.
// Apart from the token itself, so that the index does not copy (and bill) the encrypted blob at every refresh.
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
