import type { Random } from "../random.ts";
import { goods } from "../static-data/goods.ts";
import { type Asset, type Hold, hangarFlags, type Site } from "./asset.ts";
import { PickList } from "./picklist.ts";
import { Rows } from "./rows.ts";
import { drawDivision, type PutAsset, putBlueprint, putContainer, putShip, putStack } from "./stockpile.ts";

/** The item that stands for a rented office. */
const officeTypeId = 27;
/** Share of the rows that changes within an hour by itself: a busy hangar, still mostly at rest. */
const hourlyChurn = 0.003;
const ticksPerHour = 12;

type OwnStructure = NonNullable<Site["ownStructure"]>;

interface Place {
  division: number;
  hold: Hold;
}

/** Everything a corporation owns: offices, hangars, containers, ships and what is in them. */
export class Hangar {
  readonly assets = new Rows<Asset>();
  readonly names = new Map<number, string>();
  quantity = 0;
  /** Loose stacks by id: what can grow, shrink, move or vanish without anything lying inside it. */
  readonly #stacks = new PickList();
  /** Blueprint copies: used up by the jobs that they are for. */
  readonly #copies = new PickList();
  readonly #places: Place[] = [];
  #lastId: number;

  constructor(random: Random, firstId: number, target: number, sites: readonly Site[]) {
    this.#lastId = firstId;
    const put: PutAsset = (asset, name) => this.#put(asset, name);
    for (const site of sites) {
      if (this.assets.size >= target) break;
      this.#open(site, put);
    }
    // A ship brings up to thirty rows: the last stretch is filled with single stacks to hit the target exactly.
    while (this.assets.size < target && this.#places.length > 0) {
      const left = target - this.assets.size;
      const place = this.#drawPlace(random);
      if (left > 40 && random.chance(0.09)) putShip(random, place.hold, put);
      else if (left > 40 && random.chance(0.05)) this.#fillContainer(random, place, put);
      else if (random.chance(0.2)) this.#bringBlueprint(random, place);
      else this.#stacks.add(putStack(random, place.division, place.hold, put));
    }
  }

  tick(random: Random): void {
    this.change(random, random.count((this.assets.size * hourlyChurn) / ticksPerHour));
  }

  /** Changes so many rows: mostly amounts, some stacks used up, moved or brought in. */
  change(random: Random, count: number): void {
    if (this.#places.length === 0) return;
    for (let left = count; left > 0; left -= 1) {
      const roll = random.next();
      if (roll < 0.02) this.#bringBlueprint(random, this.#drawPlace(random));
      else if (roll < 0.04 && this.#copies.size > 0) this.#use(this.#copies.pick(random));
      else if (roll < 0.14 || this.#stacks.size === 0) this.#bring(random);
      else if (roll < 0.24) this.#use(this.#stacks.pick(random));
      else this.#adjust(random, this.#stacks.pick(random), roll < 0.34);
    }
  }

  /** Moves one thing, with whatever is in it. */
  put(itemId: number, { locationId, locationType, flag }: Hold): void {
    const asset = this.assets.get(itemId);
    if (!asset) return;
    this.assets.set(itemId, { ...asset, location_id: locationId, location_type: locationType, location_flag: flag });
  }

  #bring(random: Random): void {
    const place = this.#drawPlace(random);
    this.#stacks.add(putStack(random, place.division, place.hold, (asset) => this.#put(asset)));
  }

  #bringBlueprint(random: Random, place: Place): void {
    const { itemId, isCopy } = putBlueprint(random, place.hold, (asset) => this.#put(asset));
    if (isCopy) this.#copies.add(itemId);
  }

  #use(itemId: number): void {
    this.quantity -= this.assets.get(itemId)?.quantity ?? 0;
    this.assets.delete(itemId);
    this.#stacks.remove(itemId);
    this.#copies.remove(itemId);
  }

  #adjust(random: Random, itemId: number, moves: boolean): void {
    const asset = this.assets.get(itemId);
    if (!asset) return;
    const { hold } = this.#drawPlace(random);
    const quantity = Math.max(1, Math.round(asset.quantity * (0.4 + random.next() * 1.3)) + random.int(-3, 3));
    this.quantity += (moves ? asset.quantity : quantity) - asset.quantity;
    const moved = { location_id: hold.locationId, location_type: hold.locationType, location_flag: hold.flag };
    this.assets.set(itemId, moves ? { ...asset, ...moved } : { ...asset, quantity });
  }

  #put(asset: Omit<Asset, "item_id">, name?: string): number {
    this.#lastId += 1;
    this.assets.set(this.#lastId, { item_id: this.#lastId, ...asset });
    this.quantity += asset.quantity;
    if (name) this.names.set(this.#lastId, name);
    return this.#lastId;
  }

  #open(site: Site, put: PutAsset): void {
    if (site.ownStructure) this.#anchor(site.locationId, site.ownStructure, put);
    if (!site.hasOffice) return;
    const officeId = put({
      type_id: officeTypeId,
      quantity: 1,
      location_id: site.locationId,
      location_type: site.locationType,
      location_flag: "OfficeFolder",
      is_singleton: true,
    });
    for (const [index, flag] of hangarFlags.entries()) {
      this.#places.push({ division: index + 1, hold: { locationId: officeId, locationType: "item", flag } });
    }
  }

  #anchor(structureId: number, { systemId, typeId, name }: OwnStructure, put: PutAsset): void {
    this.quantity += 1;
    this.names.set(structureId, name);
    this.assets.set(structureId, {
      item_id: structureId,
      type_id: typeId,
      quantity: 1,
      location_id: systemId,
      location_type: "solar_system",
      location_flag: "AutoFit",
      is_singleton: true,
    });
    const fuel = goods().fuelBlocks[structureId % goods().fuelBlocks.length];
    if (!fuel) return;
    const fuelId = put({
      type_id: fuel.typeId,
      quantity: 2000 + (structureId % 20_000),
      location_id: structureId,
      location_type: "item",
      location_flag: "StructureFuel",
      is_singleton: false,
    });
    this.#stacks.add(fuelId);
  }

  #fillContainer(random: Random, place: Place, put: PutAsset): void {
    const inside = putContainer(random, place.hold, put);
    this.#places.push({ division: place.division, hold: inside });
    for (let left = random.int(3, 35); left > 0; left -= 1) {
      this.#stacks.add(putStack(random, place.division, inside, put));
    }
  }

  /** The main sites are the fullest, as in every corporation: places that opened first are likelier. */
  #drawPlace(random: Random): Place {
    const division = drawDivision(random);
    const sites = this.#places.length / hangarFlags.length;
    const site = Math.floor(random.next() ** 2 * sites);
    return this.#places[Math.min(site * hangarFlags.length + division - 1, this.#places.length - 1)] as Place;
  }
}
