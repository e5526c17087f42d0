import { plainText } from "../../eve/markup/index.ts";
import * as StaticData from "../../eve/static-data/index.ts";
import type { Key, View } from "../../snapshot/index.ts";
import type { NameSource } from "../kind/index.ts";

/** The column `name` of the row with this key. A name of blanks alone is none. */
function nameIn(view: View | undefined, key: Key): string | undefined {
  const at = view?.find(key) ?? -1;
  const name = at < 0 ? undefined : (view?.value("name", at) as string | undefined);
  return name === undefined ? undefined : plainText(name) || undefined;
}

/** Characters, corporations and alliances by their ids. */
export const partyNames = (dataset: string): NameSource => ({
  kinds: ["character", "party"],
  datasets: [dataset],
  nameOf: ([view], _, id) => nameIn(view, id),
});

/** Stations and solar systems from the static data, structures from `location-names`. */
export const placeNames: NameSource = {
  kinds: ["location"],
  datasets: ["location-names"],
  nameOf: ([places], _, id) => StaticData.station(id)?.name ?? StaticData.system(id)?.name ?? nameIn(places, id),
};

/** Items that hold others: ships and containers, by the name that their owner gave them and by their type. */
export const itemNames: NameSource = {
  kinds: ["location"],
  datasets: ["assets", "asset-names"],
  nameOf: ([assets, names], _, id) => {
    const at = assets?.find(id) ?? -1;
    if (!assets || at < 0) return undefined;
    const type = StaticData.typeName(assets.value("type_id", at) as number) ?? "Item";
    const given = nameIn(names, id);
    return given ? `${given} (${type})` : type;
  },
};

/** Wallet divisions and hangars. */
export const divisionNames: NameSource = {
  kinds: ["division", "hangar"],
  datasets: ["divisions"],
  nameOf: ([divisions], kind, id) => nameIn(divisions, kind === "division" ? `wallet|${id}` : `hangar|${id}`),
};
