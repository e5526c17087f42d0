import { type Kind, type KindName, kind, rowOf } from "./kind.ts";
import { packed } from "./load.ts";

export { searchTypes } from "./search.ts";

/** Kinds of entry that have a name. */
export type Named = "type" | "group" | "category" | "region" | "constellation" | "system" | "station";

const kindOf = {
  type: "types",
  group: "groups",
  category: "categories",
  region: "regions",
  constellation: "constellations",
  system: "systems",
  station: "stations",
} as const satisfies Record<Named, KindName>;

interface Entry {
  id: number;
  name: string;
}

export interface Type extends Entry {
  groupId: number;
  volumeM3: number;
  basePriceIsk: number;
  published: boolean;
}

export interface System extends Entry {
  security: number;
  constellationId: number;
  regionId: number;
}

function find<T extends object>(name: Named, id: number, fields: (row: number) => T): (Entry & T) | undefined {
  const entries = kind(kindOf[name]);
  const row = rowOf(entries, id);
  return row === -1 ? undefined : { id, name: nameAt(entries, row), ...fields(row) };
}

const nameAt = ({ names }: Kind, row: number): string => names[row] as string;

/** A name by kind and id; undefined for ids that are newer than the static data. */
export function name(kindName: Named, id: number): string | undefined {
  const entries = kind(kindOf[kindName]);
  return entries.names[rowOf(entries, id)];
}

export const typeName = (id: number): string | undefined => name("type", id);

export const type = (id: number): Type | undefined =>
  find("type", id, (row) => {
    const { groupId, volume, basePrice, published } = packed().types;
    return {
      groupId: groupId[row] as number,
      volumeM3: volume[row] as number,
      basePriceIsk: basePrice[row] as number,
      published: published[row] === 1,
    };
  });

export const group = (id: number): (Entry & { categoryId: number }) | undefined =>
  find("group", id, (row) => ({ categoryId: packed().groups.categoryId[row] as number }));

export const system = (id: number): System | undefined =>
  find("system", id, (row) => {
    const { security, constellationId, regionId } = packed().systems;
    return {
      security: security[row] as number,
      constellationId: constellationId[row] as number,
      regionId: regionId[row] as number,
    };
  });

export const region = (id: number): Entry | undefined => find("region", id, () => ({}));

export const station = (id: number): (Entry & { systemId: number }) | undefined =>
  find("station", id, (row) => ({ systemId: packed().stations.systemId[row] as number }));
