import { Entity, type EntityItem } from "electrodb";
import { tiers } from "../../owner/index.ts";
import * as Db from "../../platform/db/index.ts";

// byCharacter: a character by its EVE id (it has one user at most, so the id alone is its key).
// byUser: the characters of a user, oldest link first.
export const CharacterEntity = Db.lazy(
  () =>
    new Entity(
      {
        model: { entity: "character", version: "1", service: Db.service },
        attributes: {
          characterId: { type: "number", required: true },
          userId: { type: "string", required: true },
          name: { type: "string", required: true },
          /** The SSO's hash of the EVE account: another one means that the character was sold or moved. */
          ownerHash: { type: "string", required: true },
          linkedAt: { type: "number", required: true, padding: { length: 13, char: "0" } },
          /** How fresh the character's datasets are kept. Absent: as `defaultTier` says. */
          tier: { type: tiers },
          corporationId: { type: "number" },
          corporationName: { type: "string" },
          allianceId: { type: "number" },
          affiliationAt: { type: "number" },
        },
        indexes: {
          byCharacter: {
            pk: { field: "pk", composite: ["characterId"], template: "character#${characterId}", casing: "none" },
            sk: { field: "sk", composite: [], template: "character", casing: "none" },
          },
          byUser: {
            index: "lookup",
            pk: { field: "lookupPk", composite: ["userId"], template: "user#${userId}#character", casing: "none" },
            sk: {
              field: "lookupSk",
              composite: ["linkedAt", "characterId"],
              template: "${linkedAt}#${characterId}",
              casing: "none",
            },
          },
        },
      },
      Db.options(),
    ),
);

export type CharacterRow = EntityItem<ReturnType<typeof CharacterEntity>>;
