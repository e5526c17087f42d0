import { containerNames, shipNouns } from "../names/pools.ts";
import type { Random } from "../random.ts";
import { goods } from "../static-data/goods.ts";
import type { ItemType } from "../static-data/index.ts";
import type { Asset, Hold } from "./asset.ts";

type Pool = keyof ReturnType<typeof goods>;

/** What each division of the hangar is for: how full it is, and which goods lie loose in it. */
const purposes: { weight: number; pools: Pool[] }[] = [
  { weight: 22, pools: ["charges", "modules", "drones"] },
  { weight: 18, pools: ["minerals", "ores", "salvage"] },
  { weight: 16, pools: ["modules", "modules", "drones"] },
  { weight: 14, pools: ["composites", "moonMaterials", "planetary"] },
  { weight: 12, pools: ["modules", "charges", "ships"] },
  { weight: 10, pools: ["fuelBlocks", "iceProducts"] },
  { weight: 8, pools: ["planetary", "salvage", "modules"] },
];

const bulk = new Set<Pool>([
  "minerals",
  "ores",
  "moonMaterials",
  "composites",
  "fuelBlocks",
  "iceProducts",
  "planetary",
  "salvage",
  "charges",
]);

const slots = [
  { flag: "HiSlot", most: 8 },
  { flag: "MedSlot", most: 6 },
  { flag: "LoSlot", most: 7 },
  { flag: "RigSlot", most: 3 },
];

export type PutAsset = (asset: Omit<Asset, "item_id">, name?: string) => number;

/** Which of the seven divisions something is put into. */
export function drawDivision(random: Random): number {
  return 1 + random.weighted(purposes.map(({ weight }, index) => ({ weight, index }))).index;
}

/** A stack of goods such as this division holds. */
function drawStack(random: Random, division: number): { typeId: number; quantity: number } {
  const pool = random.pick<Pool>(purposes[division - 1]?.pools ?? ["modules"]);
  const type = random.pick(goods()[pool]);
  const quantity = bulk.has(pool) ? random.skewed(50, 2_000_000) : random.skewed(1, 400);
  return { typeId: type.typeId, quantity };
}

export function putStack(random: Random, division: number, hold: Hold, put: PutAsset): number {
  const { typeId, quantity } = drawStack(random, division);
  return put({
    type_id: typeId,
    quantity,
    location_id: hold.locationId,
    location_type: hold.locationType,
    location_flag: hold.flag,
    is_singleton: false,
  });
}

function putInside(typeId: number, quantity: number, shipId: number, flag: string, put: PutAsset): void {
  const isFitted = /Slot\d$/.test(flag);
  put({
    type_id: typeId,
    quantity: isFitted ? 1 : quantity,
    location_id: shipId,
    location_type: "item",
    location_flag: flag,
    is_singleton: isFitted,
  });
}

/** A named ship with fitted modules, ammunition in its cargo hold and drones. */
export function putShip(random: Random, hold: Hold, put: PutAsset): void {
  const ship: ItemType = random.pick(goods().ships);
  const shipId = put(
    {
      type_id: ship.typeId,
      quantity: 1,
      location_id: hold.locationId,
      location_type: hold.locationType,
      location_flag: hold.flag,
      is_singleton: true,
    },
    random.chance(0.6) ? `${random.pick(shipNouns)} of ${random.pick(containerNames)}` : ship.name,
  );
  for (const { flag, most } of slots) {
    const fitted = random.int(0, most);
    for (let slot = 0; slot < fitted; slot += 1) {
      putInside(random.pick(goods().modules).typeId, 1, shipId, `${flag}${slot}`, put);
    }
  }
  const cargo = random.int(0, 3);
  for (let index = 0; index < cargo; index += 1) {
    putInside(random.pick(goods().charges).typeId, random.skewed(100, 20_000), shipId, "Cargo", put);
  }
  if (random.chance(0.5)) putInside(random.pick(goods().drones).typeId, random.int(1, 10), shipId, "DroneBay", put);
}

/** A named container; answers the hold inside it. */
export function putContainer(random: Random, hold: Hold, put: PutAsset): Hold {
  const containerId = put(
    {
      type_id: random.pick(goods().containers).typeId,
      quantity: 1,
      location_id: hold.locationId,
      location_type: hold.locationType,
      location_flag: hold.flag,
      is_singleton: true,
    },
    `${random.pick(containerNames)} ${random.int(1, 40)}`,
  );
  return { locationId: containerId, locationType: "item", flag: random.chance(0.3) ? "Locked" : "Unlocked" };
}

export function putBlueprint(random: Random, hold: Hold, put: PutAsset): { itemId: number; isCopy: boolean } {
  const isCopy = random.chance(0.6);
  const itemId = put({
    type_id: random.pick(goods().blueprints).typeId,
    quantity: 1,
    location_id: hold.locationId,
    location_type: hold.locationType,
    location_flag: hold.flag,
    is_singleton: true,
    ...(isCopy ? { is_blueprint_copy: true } : {}),
  });
  return { itemId, isCopy };
}
