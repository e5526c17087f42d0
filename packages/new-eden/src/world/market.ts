import { dayMs } from "../clock.ts";
import type { Random } from "../random.ts";
import { goods } from "../static-data/goods.ts";
import { staticData } from "../static-data/index.ts";
import { type Department, idsOf, type Setting } from "./department.ts";
import { Rows } from "./rows.ts";
import { tradeHubs } from "./trade-hub.ts";

export interface Order {
  orderId: number;
  typeId: number;
  locationId: number;
  regionId: number;
  isBuy: boolean;
  priceCents: number;
  volumeTotal: number;
  volumeRemain: number;
  durationDays: number;
  issuedMs: number;
  issuedBy: number;
  division: number;
  range: string;
}

export interface PastOrder extends Order {
  state: "cancelled" | "expired";
  endedMs: number;
}

/** ESI shows ended orders for three months. */
const keptMs = 90 * dayMs;
const ranges = ["station", "solarsystem", "region", "5", "10"];

/** Buy and sell orders of the corporation at the trade hubs. */
export class Market implements Department {
  readonly orders = new Rows<Order>();
  readonly past = new Rows<PastOrder>();
  readonly #setting: Setting;
  readonly #target: number;
  #lastId: number;

  constructor(random: Random, setting: Setting) {
    this.#setting = setting;
    this.#lastId = idsOf(6_700_000_000, setting);
    this.#target = Math.ceil(setting.memberCount / 6);
    for (let left = this.#target; left > 0; left -= 1) {
      const order = this.#place(random, setting.epochMs - Math.round(random.next() * 25 * dayMs));
      if (random.chance(0.3)) this.#end(order, random.chance(0.6) ? "expired" : "cancelled", order.issuedMs + dayMs);
    }
  }

  tick(random: Random, atMs: number): void {
    for (let left = random.count(this.#target / 1500); left > 0; left -= 1) this.#place(random, atMs);
    for (const order of this.orders.values()) {
      if (order.issuedMs + order.durationDays * dayMs <= atMs) this.#end(order, "expired", atMs);
      else if (random.chance(0.00008)) this.#end(order, "cancelled", atMs);
      else if (random.chance(0.006)) this.#fill(random, order);
    }
    const oldest = this.past.first();
    if (oldest && oldest.endedMs < atMs - keptMs) this.past.delete(oldest.orderId);
  }

  #place(random: Random, issuedMs: number): Order {
    const type = random.pick(random.chance(0.4) ? goods().minerals : random.pick([goods().modules, goods().ships]));
    const locationId = random.pick(tradeHubs());
    const systemId = staticData().stations.get(locationId)?.systemId ?? 0;
    const volumeTotal = random.skewed(1, 50_000);
    this.#lastId += 1;
    const order: Order = {
      orderId: this.#lastId,
      typeId: type.typeId,
      locationId,
      regionId: staticData().systems.get(systemId)?.regionId ?? 0,
      isBuy: random.chance(0.35),
      priceCents: Math.max(1, Math.round(type.priceIsk * 100 * (0.8 + random.next() * 0.5))),
      volumeTotal,
      volumeRemain: random.int(1, volumeTotal),
      durationDays: random.pick([30, 90, 90]),
      issuedMs,
      issuedBy: this.#setting.pickMember(random),
      division: random.pick([1, 1, 2, 5]),
      range: random.pick(ranges),
    };
    this.orders.set(order.orderId, order);
    return order;
  }

  /** Someone trades with it; what is filled whole leaves the list without a trace in the history, as in the game. */
  #fill(random: Random, order: Order): void {
    const volumeRemain = order.volumeRemain - random.int(1, Math.max(1, Math.ceil(order.volumeRemain / 2)));
    if (volumeRemain <= 0) this.orders.delete(order.orderId);
    else this.orders.set(order.orderId, { ...order, volumeRemain });
  }

  #end(order: Order, state: PastOrder["state"], endedMs: number): void {
    this.orders.delete(order.orderId);
    this.past.set(order.orderId, { ...order, state, endedMs });
  }
}
