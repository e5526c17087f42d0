/** One kind of entry, column by column; `ids` ascend and are stored as differences, `names` are joined by newlines. */
export type Column<Fields extends string = never> = { ids: number[]; names: string } & Record<Fields, number[]>;

/** The layout of `generated/static-data.json.gz`, written by `scripts/generate-static-data.ts`. */
export interface Packed {
  types: Column<"groupId" | "volume" | "basePrice" | "published">;
  groups: Column<"categoryId">;
  categories: Column;
  regions: Column;
  constellations: Column;
  systems: Column<"security" | "constellationId" | "regionId">;
  stations: Column<"systemId">;
}
