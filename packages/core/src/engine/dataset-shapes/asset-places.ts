import * as StaticData from "../../eve/static-data/index.ts";
import type { View } from "../dataset/index.ts";

/** The corporation's own structures are among its assets, in a solar system: what is in one is there, not in space. */
const structureCategory = 65;

const isStructure = (typeId: number): boolean => {
  const type = StaticData.type(typeId);
  return type !== undefined && StaticData.group(type.groupId)?.categoryId === structureCategory;
};

/** Items nest a few levels at most (station, container, ship, module); more is a loop in the data. */
const maxDepth = 10;

interface Places {
  /** Station, structure or system that the item is in, through whatever contains it. */
  roots: number[];
  /** Corporation hangar (1 to 7) that the item is in, if any. */
  hangars: (number | null)[];
}

const hangarOf = (flag: unknown): number | null => {
  const [, number] = /^CorpSAG([1-7])$/.exec(String(flag)) ?? [];
  return number ? Number(number) : null;
};

/** The structures among assets. */
export const structuresOf = (assets: View): ReadonlySet<number> =>
  assets.derive("structures", ({ columns }) => {
    const types = (columns.type_id ?? []) as number[];
    const structureTypes = new Set([...new Set(types)].filter(isStructure));
    const ids = (columns.item_id ?? []) as number[];
    return new Set(ids.filter((_, index) => structureTypes.has(types[index] as number)));
  });

function computePlaces(view: View): Places {
  const parents = view.columns.location_id as number[];
  const flags = view.columns.location_flag as string[];
  const hangarOfFlag = new Map<string, number | null>();
  for (const flag of new Set(flags)) hangarOfFlag.set(flag, hangarOf(flag));
  const structures = structuresOf(view);
  const roots: number[] = new Array(view.length);
  const hangars: (number | null)[] = new Array(view.length);
  for (let index = 0; index < view.length; index += 1) {
    let at = index;
    let hangar = hangarOfFlag.get(flags[at] as string) ?? null;
    for (let depth = 0; depth < maxDepth && !structures.has(parents[at] as number); depth += 1) {
      const parent = view.find(parents[at] as number);
      if (parent < 0) break;
      at = parent;
      hangar ??= hangarOfFlag.get(flags[at] as string) ?? null;
    }
    roots[index] = parents[at] as number;
    hangars[index] = hangar;
  }
  return { roots, hangars };
}

/** Where each asset is in the end; computed once for each version. */
export const placesOf = (view: View): Places => view.derive("places", computePlaces);
