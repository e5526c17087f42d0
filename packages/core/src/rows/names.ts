import { get as getDataset } from "../corporation/datasets/index.ts";
import { type ColumnKind, shapeOf } from "../dataset/index.ts";
import { plainText } from "../markup/index.ts";
import * as Snapshot from "../snapshot/index.ts";
import * as StaticData from "../static-data/index.ts";

/** What ids are called, as far as a corporation's own data and the static data know. */
export interface Names {
  /** Changes whenever a name may have changed. */
  version: string;
  of: (kind: ColumnKind, id: number) => string | undefined;
}

const lookUp = (view: Snapshot.View, id: Snapshot.Key): string | undefined => {
  const at = view.find(id);
  const name = at < 0 ? undefined : (view.value("name", at) as string | undefined);
  // A name of blanks alone is none.
  return name === undefined ? undefined : plainText(name) || undefined;
};

/** Kinds whose values are ids that have a name. */
export const namedKinds: readonly ColumnKind[] = [
  "type",
  "character",
  "party",
  "location",
  "system",
  "division",
  "hangar",
];

const empty = (name: string) => Snapshot.View.empty(shapeOf(getDataset(name)));

/** The datasets that give names to each kind; none: the static data alone does. */
const sources: Partial<Record<ColumnKind, readonly string[]>> = {
  character: ["members", "party-names"],
  party: ["members", "party-names"],
  location: ["assets", "asset-names", "location-names"],
  division: ["divisions"],
  hangar: ["divisions"],
};

/** Names for the ids of these kinds, from the corporation's own datasets and the static data. */
export async function namesOf(corporationId: number, kinds: Iterable<ColumnKind>): Promise<Names> {
  const wanted = [...new Set([...kinds].flatMap((kind) => sources[kind] ?? []))];
  const views = new Map(
    await Promise.all(
      wanted.map(async (name) => {
        const address = { owner: `corporation#${corporationId}`, collection: name };
        return [name, await Snapshot.read(address, shapeOf(getDataset(name)))] as const;
      }),
    ),
  );
  const view = (name: string) => views.get(name) ?? empty(name);
  const [members, assets, divisions] = [view("members"), view("assets"), view("divisions")];
  const parties = view("party-names");
  const [assetNames, structures] = [view("asset-names"), view("location-names")];
  const item = (id: number): string | undefined => {
    const at = assets.find(id);
    if (at < 0) return undefined;
    const type = StaticData.typeName(assets.value("type_id", at) as number) ?? "Item";
    const given = lookUp(assetNames, id);
    return given ? `${given} (${type})` : type;
  };
  const of = (kind: ColumnKind, id: number): string | undefined => {
    switch (kind) {
      case "type":
        return StaticData.typeName(id);
      case "system":
        return StaticData.system(id)?.name;
      case "character":
      case "party":
        return lookUp(members, id) ?? lookUp(parties, id);
      case "location":
        return StaticData.station(id)?.name ?? StaticData.system(id)?.name ?? lookUp(structures, id) ?? item(id);
      case "division":
        return lookUp(divisions, `wallet|${id}`);
      case "hangar":
        return lookUp(divisions, `hangar|${id}`);
      default:
        return undefined;
    }
  };
  return { version: [...views.values()].map((each) => each.version).join("."), of };
}
