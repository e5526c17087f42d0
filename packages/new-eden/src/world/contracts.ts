import { dayMs, hourMs } from "../clock.ts";
import { type Random, random } from "../random.ts";
import { goods } from "../static-data/goods.ts";
import { type Department, idsOf, type Setting } from "./department.ts";
import { Rows } from "./rows.ts";
import { tradeHubs } from "./trade-hub.ts";

export interface Contract {
  contractId: number;
  type: "item_exchange" | "auction" | "courier";
  status: "outstanding" | "in_progress" | "finished" | "failed" | "deleted" | "rejected";
  availability: "public" | "personal" | "corporation" | "alliance";
  title: string;
  issuerId: number;
  issuerCorporationId: number;
  isForCorporation: boolean;
  assigneeId: number;
  acceptorId: number;
  startLocationId: number;
  endLocationId: number;
  priceCents: number;
  rewardCents: number;
  collateralCents: number;
  volumeM3: number;
  issuedMs: number;
  expiresMs: number;
  acceptedMs: number | undefined;
  completedMs: number | undefined;
}

interface ContractItem {
  recordId: number;
  typeId: number;
  quantity: number;
  isIncluded: boolean;
  isSingleton: boolean;
}

interface Bid {
  bidId: number;
  bidderId: number;
  amountCents: number;
  bidMs: number;
}

/** ESI lists a month of contracts, and older ones that are still in progress. */
const keptMs = 30 * dayMs;
const kinds = [
  { type: "item_exchange", weight: 60 },
  { type: "courier", weight: 33 },
  { type: "auction", weight: 7 },
] as const;

/** Contracts that the corporation issues, takes on or is offered. */
export class Contracts implements Department {
  readonly rows = new Rows<Contract>();
  readonly #open = new Rows<Contract>();
  readonly #bids = new Map<number, Rows<Bid>>();
  readonly #setting: Setting;
  readonly #perTick: number;
  #lastId: number;
  #lastBidId: number;

  constructor(draw: Random, setting: Setting) {
    this.#setting = setting;
    this.#lastId = idsOf(220_000_000, setting);
    this.#lastBidId = idsOf(5_000_000, setting);
    this.#perTick = (2 + setting.memberCount / 40) / 288;
    const steps = 24 * 26;
    for (let hour = -steps; hour < 0; hour += 1) {
      this.#step(draw, setting.epochMs + hour * hourMs, 12);
    }
  }

  /** What a contract is about never changes: it is made from its id. */
  items({ contractId, type }: Contract): ContractItem[] {
    if (type === "courier") return [];
    const draw = random(this.#setting.seed, "contract-items", contractId);
    return Array.from({ length: draw.int(1, 12) }, (_, index) => ({
      recordId: contractId * 20 + index,
      typeId: draw.pick(draw.pick([goods().modules, goods().charges, goods().ships, goods().drones])).typeId,
      quantity: draw.skewed(1, 500),
      isIncluded: !draw.chance(0.08),
      isSingleton: draw.chance(0.2),
    }));
  }

  bids(contractId: number): readonly Bid[] {
    return this.#bids.get(contractId)?.list() ?? [];
  }

  tick(draw: Random, atMs: number): void {
    this.#step(draw, atMs, 1);
  }

  /** So many ticks at once. */
  #step(draw: Random, atMs: number, ticks: number): void {
    for (let left = draw.count(this.#perTick * ticks); left > 0; left -= 1) this.#issue(draw, atMs);
    for (const contract of this.#open.values()) {
      const change = this.#change(draw, contract, atMs, ticks);
      if (change) this.#set({ ...contract, ...change });
    }
    // Rows stand in the order of issue; one that is still in progress may hold up older ones for a while.
    const oldest = this.rows.first();
    if (oldest?.completedMs !== undefined && oldest.issuedMs < atMs - keptMs) this.#forget(oldest);
  }

  #set(contract: Contract): void {
    const { contractId, completedMs } = contract;
    this.rows.set(contractId, contract);
    if (completedMs === undefined) this.#open.set(contractId, contract);
    else this.#open.delete(contractId);
  }

  #change(draw: Random, contract: Contract, atMs: number, ticks: number): Partial<Contract> | undefined {
    const { status, type } = contract;
    if (status === "in_progress") {
      if (!draw.chance(0.004 * ticks)) return undefined;
      return { status: draw.chance(0.95) ? "finished" : "failed", completedMs: atMs };
    }
    if (status !== "outstanding") return undefined;
    if (contract.expiresMs <= atMs) return { status: "deleted", completedMs: atMs };
    if (type === "auction" && draw.chance(0.004 * ticks)) this.#bid(draw, contract, atMs);
    if (!draw.chance(0.0012 * ticks)) return undefined;
    const acceptorId = draw.chance(0.5) ? draw.pick(this.#setting.customers) : this.#setting.pickMember(draw);
    const accepted = { acceptorId, acceptedMs: atMs };
    if (type === "courier") return { ...accepted, status: "in_progress" };
    return { ...accepted, status: "finished", completedMs: atMs };
  }

  #forget({ contractId }: Contract): void {
    this.rows.delete(contractId);
    this.#bids.delete(contractId);
  }

  #issue(draw: Random, atMs: number): void {
    const { pickMember, customers, outsideCorporationIds, corporationId, allianceId } = this.#setting;
    const { type } = draw.weighted(kinds);
    const isOffered = draw.chance(0.25);
    const availability = isOffered ? "personal" : draw.pick(["corporation", "alliance", "public"] as const);
    const priceCents = draw.skewed(1_000_000, 90_000_000_000);
    this.#lastId += 1;
    this.#set({
      contractId: this.#lastId,
      type,
      status: "outstanding",
      availability,
      title: draw.pick(["", "", "Doctrine ship", "Haul to staging", "Fuel", "Moon goo", "Buyback"]),
      issuerId: isOffered ? draw.pick(customers) : pickMember(draw),
      issuerCorporationId: isOffered ? draw.pick(outsideCorporationIds) : corporationId,
      isForCorporation: !isOffered && draw.chance(0.6),
      assigneeId: { personal: corporationId, corporation: corporationId, alliance: allianceId, public: 0 }[
        availability
      ],
      acceptorId: 0,
      startLocationId: draw.pick(tradeHubs()),
      endLocationId: draw.pick(this.#setting.structures.rows.list()).structureId,
      priceCents: type === "courier" ? 0 : priceCents,
      rewardCents: type === "courier" ? Math.round(priceCents / 20) : 0,
      collateralCents: type === "courier" ? priceCents : 0,
      volumeM3: draw.skewed(10, 340_000),
      issuedMs: atMs,
      expiresMs: atMs + draw.pick([1, 3, 7, 14]) * dayMs,
      acceptedMs: undefined,
      completedMs: undefined,
    });
  }

  #bid(draw: Random, contract: Contract, bidMs: number): void {
    const { contractId, priceCents } = contract;
    const rows = this.#bids.get(contractId) ?? new Rows<Bid>();
    this.#bids.set(contractId, rows);
    const highest = rows.list().at(-1)?.amountCents ?? priceCents;
    this.#lastBidId += 1;
    const bid = {
      bidId: this.#lastBidId,
      bidderId: draw.pick(this.#setting.customers),
      amountCents: Math.round(highest * (1.01 + draw.next() * 0.1)),
      bidMs,
    };
    rows.set(bid.bidId, bid);
  }
}
