import { Entity } from "electrodb";
import * as Db from "../db/index.ts";

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
