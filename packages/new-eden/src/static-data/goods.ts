import { type ItemType, staticData } from "./index.ts";

const category = { ship: 6, module: 7, charge: 8, blueprint: 9, drone: 18, ore: 25, planetary: 43 };
const group = { mineral: 18, fuelBlock: 1136, iceProduct: 423, moonMaterial: 427, salvage: 754, composite: 429 };
/** Shuttles, corvettes and capsules would look odd in a corporation's fleet; titans would be too rich. */
const oddShipGroups = new Set([29, 30, 31, 237]);

function pools() {
  const traded = [...staticData().types.values()].filter(
    (type) => type.marketGroupId !== undefined && (type.priceIsk > 0 || type.groupId === group.salvage),
  );
  const inCategory = (id: number) => traded.filter((type) => type.categoryId === id);
  const inGroup = (id: number) => traded.filter((type) => type.groupId === id);
  return {
    ships: inCategory(category.ship).filter((type) => !oddShipGroups.has(type.groupId)),
    modules: inCategory(category.module),
    charges: inCategory(category.charge),
    drones: inCategory(category.drone),
    ores: inCategory(category.ore),
    moonOres: inCategory(category.ore).filter((type) => type.groupName.endsWith("Moon Asteroids")),
    planetary: inCategory(category.planetary),
    blueprints: inCategory(category.blueprint),
    minerals: inGroup(group.mineral),
    fuelBlocks: inGroup(group.fuelBlock),
    iceProducts: inGroup(group.iceProduct),
    moonMaterials: inGroup(group.moonMaterial),
    salvage: inGroup(group.salvage),
    composites: inGroup(group.composite),
    /** Lockable containers, as corporations keep in hangars. */
    containers: [3465, 3466, 11488, 11489, 3293, 3296, 17363, 17364, 17365, 17366, 17367, 17368]
      .map((typeId) => staticData().types.get(typeId))
      .filter((type): type is ItemType => type !== undefined),
  };
}

let built: ReturnType<typeof pools> | undefined;

/** Pools of real item types that a corporation owns, builds and trades. */
export function goods(): ReturnType<typeof pools> {
  built ??= pools();
  return built;
}
