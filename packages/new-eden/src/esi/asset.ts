import { hash } from "../random.ts";
import { staticData } from "../static-data/index.ts";
import type { Asset } from "../world/asset.ts";
import type { Life } from "../world/life/life.ts";
import type { CorporationCall } from "./endpoint.ts";
import {
  type Call,
  type CharacterCall,
  characterPages,
  characterPost,
  corporationPages,
  type Family,
  post,
} from "./endpoint.ts";
import { Refusal } from "./views.ts";

/** Items that a POST may ask about: all of them must be the corporation's own. */
function ownItems({ world, ids, body }: Call): { corporation: CorporationCall["corporation"]; itemIds: number[] } {
  const corporation = world.corporations.get(ids.corporation_id ?? 0);
  const itemIds = body as number[];
  if (!corporation || itemIds.some((id) => !corporation.hangar.assets.has(id))) {
    throw new Refusal(404, "Invalid IDs in the request");
  }
  return { corporation, itemIds };
}

/** Items that a POST may ask about: all of them must be the pilot's own. */
function pilotsItems({ life, body }: CharacterCall): number[] {
  const itemIds = body as number[];
  if (itemIds.some((id) => !life.belongings.assets.has(id))) throw new Refusal(404, "Invalid IDs in the request");
  return itemIds;
}

const nowhere = { x: 0, y: 0, z: 0 };

/** Where in its system a thing is that floats in space. */
function spotOf(asset: Asset | undefined) {
  if (asset?.location_type !== "solar_system") return nowhere;
  const [x, y, z] = ["x", "y", "z"].map((axis) => (hash(axis, asset.item_id, asset.location_id) - 2 ** 31) * 500);
  return { x, y, z };
}

/** What is in a hangar has no coordinates; a ship in space is somewhere near its pilot. */
function positionOf({ belongings }: Life, itemId: number) {
  return spotOf(belongings.assets.get(itemId));
}

export const asset: Family = {
  GetCorporationsCorporationIdAssets: corporationPages(({ corporation }) => corporation.hangar.assets.list()),

  PostCorporationsCorporationIdAssetsNames: post((call) => {
    const { corporation, itemIds } = ownItems(call);
    // What cannot be named, or never was, is called "None".
    return itemIds.map((item_id) => ({ item_id, name: corporation.hangar.names.get(item_id) ?? "None" }));
  }),

  PostCorporationsCorporationIdAssetsLocations: post((call) => {
    const { corporation, itemIds } = ownItems(call);
    return itemIds.map((item_id) => {
      const inSpace = corporation.structures.rows.get(item_id)?.position;
      const item = corporation.hangar.assets.get(item_id);
      const docked = staticData().stations.get(item?.location_id ?? 0)?.position;
      return { item_id, position: inSpace ?? docked ?? spotOf(item) };
    });
  }),

  GetCharactersCharacterIdAssets: characterPages(({ life }) => life.belongings.assets.list()),

  PostCharactersCharacterIdAssetsNames: characterPost((call) =>
    pilotsItems(call).map((item_id) => ({ item_id, name: call.life.belongings.names.get(item_id) ?? "None" })),
  ),

  PostCharactersCharacterIdAssetsLocations: characterPost((call) =>
    pilotsItems(call).map((item_id) => ({ item_id, position: positionOf(call.life, item_id) })),
  ),
};
