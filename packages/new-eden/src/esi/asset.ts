import { staticData } from "../static-data/index.ts";
import type { CorporationCall } from "./endpoint.ts";
import { type Call, corporationPages, type Family, post } from "./endpoint.ts";
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
      const locationId = corporation.hangar.assets.get(item_id)?.location_id ?? 0;
      const docked = staticData().stations.get(locationId)?.position;
      return { item_id, position: inSpace ?? docked ?? { x: 0, y: 0, z: 0 } };
    });
  }),
};
