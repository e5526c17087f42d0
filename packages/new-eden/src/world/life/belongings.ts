import type { Random } from "../../random.ts";
import { goods } from "../../static-data/goods.ts";
import { staticData } from "../../static-data/index.ts";
import type { Asset, Hold } from "../asset.ts";
import { PickList } from "../picklist.ts";
import { Rows } from "../rows.ts";
import { drawDivision, type PutAsset, putBlueprint, putContainer, putShip, putStack } from "../stockpile.ts";
import { tradeHubs } from "../trade-hub.ts";
import type { Goods } from "./purse.ts";
import type { Dock, Place } from "./whereabouts.ts";

const hangarAt = ({ locationId, kind }: Dock): Hold => ({
  locationId,
  locationType: kind === "station" ? "station" : "item",
  flag: "Hangar",
});

const capsuleTypeId = 670;

/** Everything that a pilot owns: hangars in stations and structures, containers, ships and what is in them. */
export class Belongings {
  readonly assets = new Rows<Asset>();
  readonly names = new Map<number, string>();
  /** The ship that the pilot sits in. */
  shipId: number;
  readonly #docks: readonly Dock[];
  readonly #holds: Hold[] = [];
  readonly #stacks = new PickList();
  readonly #shipIds: number[] = [];
  #lastId: number;

  constructor(draw: Random, firstId: number, home: Dock, docks: readonly Dock[]) {
    this.#lastId = firstId;
    this.#docks = docks;
    for (let left = draw.int(1, 5); left > 0; left -= 1) {
      this.#shipIds.push(this.#ship(draw, hangarAt(left === 1 ? home : draw.pick(docks))));
    }
    this.shipId = this.#shipIds.at(-1) as number;
    this.#holds.push(hangarAt(home), ...docks.map(hangarAt));
    for (let left = draw.int(0, 3); left > 0; left -= 1) {
      this.#holds.push(putContainer(draw, this.#drawHangar(draw), this.#put));
    }
    for (let left = draw.int(0, 8); left > 0; left -= 1) putBlueprint(draw, this.#drawHangar(draw), this.#put);
    for (let left = draw.skewed(8, 120); left > 0; left -= 1) this.#bringStack(draw);
  }

  /** The ship goes where its pilot goes. */
  follow({ systemId, dock }: Place): void {
    const ship = this.assets.get(this.shipId);
    if (!ship) return;
    const hold = dock
      ? hangarAt(dock)
      : { locationId: systemId, locationType: "solar_system" as const, flag: "AutoFit" };
    this.assets.set(this.shipId, {
      ...ship,
      location_id: hold.locationId,
      location_type: hold.locationType,
      location_flag: hold.flag,
    });
  }

  /** Takes another ship, if one lies here. */
  board(draw: Random, { dock }: Place): void {
    const here = this.#shipIds.filter(
      (id) => id !== this.shipId && this.assets.get(id)?.location_id === dock?.locationId,
    );
    if (dock && here.length > 0) this.shipId = draw.pick(here);
  }

  ship(): { itemId: number; typeId: number; name: string } {
    const typeId = this.assets.get(this.shipId)?.type_id ?? capsuleTypeId;
    return { itemId: this.shipId, typeId, name: this.names.get(this.shipId) ?? "" };
  }

  /** Changes so many stacks: mostly amounts, some used up, moved or brought in. */
  change(draw: Random, count: number): void {
    for (let left = count; left > 0; left -= 1) {
      const roll = draw.next();
      if (roll < 0.2 || this.#stacks.size === 0) this.#bringStack(draw);
      else if (roll < 0.35) this.#use(this.#stacks.pick(draw));
      else this.#adjust(draw, this.#stacks.pick(draw), roll < 0.5);
    }
  }

  /** A stack that is sold: all of it, or a part. */
  take(draw: Random): Goods | undefined {
    if (this.#stacks.size === 0) return undefined;
    const itemId = this.#stacks.pick(draw);
    const asset = this.assets.get(itemId);
    if (!asset) return undefined;
    const quantity = draw.chance(0.5) ? asset.quantity : Math.ceil(asset.quantity * draw.next());
    if (quantity >= asset.quantity) this.#use(itemId);
    else this.assets.set(itemId, { ...asset, quantity: asset.quantity - quantity });
    return { typeId: asset.type_id, quantity, locationId: draw.pick(tradeHubs()) };
  }

  /** What about this much ISK buys at a trade hub. */
  buy(draw: Random, budgetIsk: number): Goods | undefined {
    const { minerals, modules, charges, drones } = goods();
    const drawn = draw.pick(draw.pick([minerals, modules, charges, drones]));
    const type = drawn.priceIsk > budgetIsk ? draw.pick(minerals) : drawn;
    const quantity = Math.min(5_000_000, Math.floor(budgetIsk / type.priceIsk));
    if (quantity < 1) return undefined;
    const locationId = draw.pick(tradeHubs());
    const systemId = staticData().stations.get(locationId)?.systemId ?? 0;
    const hold = hangarAt({ locationId, kind: "station", systemId });
    this.#stacks.add(this.#stack(type.typeId, quantity, hold));
    return { typeId: type.typeId, quantity, locationId };
  }

  #stack(typeId: number, quantity: number, { locationId, locationType, flag }: Hold): number {
    return this.#put({
      type_id: typeId,
      quantity,
      location_id: locationId,
      location_type: locationType,
      location_flag: flag,
      is_singleton: false,
    });
  }

  #bringStack(draw: Random): void {
    this.#stacks.add(putStack(draw, drawDivision(draw), draw.pick(this.#holds), this.#put));
  }

  #ship(draw: Random, hold: Hold): number {
    let shipId = 0;
    // The ship is put first; what follows lies in it.
    putShip(draw, hold, (asset, name) => {
      const itemId = this.#put(asset, name);
      shipId ||= itemId;
      return itemId;
    });
    return shipId;
  }

  #use(itemId: number): void {
    this.assets.delete(itemId);
    this.#stacks.remove(itemId);
  }

  #adjust(draw: Random, itemId: number, moves: boolean): void {
    const asset = this.assets.get(itemId);
    if (!asset) return;
    const hold = draw.pick(this.#holds);
    const quantity = Math.max(1, Math.round(asset.quantity * (0.4 + draw.next() * 1.3)) + draw.int(-3, 3));
    const moved = { location_id: hold.locationId, location_type: hold.locationType, location_flag: hold.flag };
    this.assets.set(itemId, moves ? { ...asset, ...moved } : { ...asset, quantity });
  }

  #drawHangar(draw: Random): Hold {
    return hangarAt(draw.pick(this.#docks));
  }

  readonly #put: PutAsset = (asset, name) => {
    this.#lastId += 1;
    this.assets.set(this.#lastId, { item_id: this.#lastId, ...asset });
    if (name) this.names.set(this.#lastId, name);
    return this.#lastId;
  };
}
