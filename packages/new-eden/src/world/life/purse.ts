import type { Random } from "../../random.ts";
import { staticData } from "../../static-data/index.ts";
import type { JournalKind, Party } from "../journal-kind.ts";
import { Division, type JournalEntry, type Transaction } from "../wallet-division.ts";
import { allPilotKinds, pilotKinds } from "./income.ts";

/** CONCORD pays bounties and takes the taxes. */
const concordId = 1_000_125;
const npcIds = [1_000_035, 1_000_167, 1_000_002];
/** Rate of the sales tax with middling skills. */
const salesTaxRate = 0.036;

/** A stack that changes hands on the market. */
export interface Goods {
  typeId: number;
  quantity: number;
  locationId: number;
}

interface Setting {
  characterId: number;
  firstId: number;
  wealthIsk: number;
  customers: readonly number[];
  systemIds: readonly number[];
  /** Takes something out of the hangar to sell; undefined: there is nothing. */
  takeGoods: (draw: Random) => Goods | undefined;
  /** Puts into the hangar what about this much ISK buys; undefined: nothing costs so little. */
  bringGoods: (draw: Random, budgetIsk: number) => Goods | undefined;
  /** An NPC corporation paid for a mission. */
  finishMission: (corporationId: number, rewardIsk: number) => void;
}

/** A pilot's ISK in whole cents; every change is a journal entry whose balance is the wallet's. */
export class Purse {
  readonly #setting: Setting;
  readonly #division = new Division(allPilotKinds);
  #lastId: number;

  constructor(setting: Setting) {
    this.#setting = setting;
    this.#lastId = setting.firstId;
    this.#division.balanceCents = Math.round(setting.wealthIsk * 100);
  }

  get balanceCents(): number {
    return this.#division.balanceCents;
  }

  /** Entries since a time, newest first, as ESI lists them. */
  journal(sinceMs: number): JournalEntry[] {
    return this.#division.journalSince(sinceMs);
  }

  /** Market transactions since a time, newest first. */
  transactions(sinceMs: number): Transaction[] {
    return this.#division.transactionsSince(sinceMs);
  }

  /** Something is earned or spent: below its usual wealth a pilot earns more often, above it less. */
  turn(draw: Random, atMs: number): void {
    const { wealthIsk } = this.#setting;
    const spend = Math.min(0.95, Math.max(0.05, 0.47 + 0.4 * (this.balanceCents / (wealthIsk * 100) - 1)));
    const kind = draw.weighted(draw.chance(spend) ? pilotKinds.expense : pilotKinds.income);
    const scale = Math.min(1, wealthIsk / 5e9) ** 0.5;
    const drawn = draw.skewed(kind.min * 100, kind.max * 100) * scale;
    const limit = kind.direction < 0 ? this.balanceCents * 0.3 : Number.POSITIVE_INFINITY;
    const cents = Math.max(1, Math.floor(Math.min(drawn, limit)));
    if (kind.contextType === "market_transaction_id") this.#trade(draw, kind, cents, atMs);
    else if (kind.direction > 0 || cents <= this.balanceCents) {
      const [first, second] = [this.#party(draw, kind.first), this.#party(draw, kind.second)];
      this.#post(kind, kind.direction * cents, atMs, first, second, this.#context(draw, kind));
      if (kind.refType === "agent_mission_reward") this.#setting.finishMission(first, cents / 100);
    }
  }

  /** Somebody gives ISK by hand; a negative amount is given away. */
  give(cents: number, atMs: number): void {
    const { characterId, customers } = this.#setting;
    const other = customers[0] ?? concordId;
    if (cents >= 0) this.#post(pilotKinds.giftIn, cents, atMs, other, characterId, 0);
    else this.#post(pilotKinds.giftOut, cents, atMs, characterId, other, 0);
  }

  #trade(draw: Random, kind: JournalKind, budgetCents: number, atMs: number): void {
    const { characterId, customers, takeGoods, bringGoods } = this.#setting;
    const isBuy = kind.direction < 0;
    const goods = isBuy ? bringGoods(draw, budgetCents / 100) : takeGoods(draw);
    if (!goods) return;
    const priceIsk = staticData().types.get(goods.typeId)?.priceIsk || 1000;
    // A buyer pays at most what the goods were worth: more than the budget it never gets.
    const unitPriceCents = Math.max(
      1,
      Math.round(priceIsk * 100 * (isBuy ? 0.7 + draw.next() * 0.3 : 0.85 + draw.next() * 0.4)),
    );
    const total = unitPriceCents * goods.quantity;
    const clientId = draw.pick(customers);
    const transactionId = this.#nextId();
    const [first, second] = isBuy ? [characterId, clientId] : [clientId, characterId];
    const journal = this.#post(kind, kind.direction * total, atMs, first, second, transactionId);
    this.#division.transactions.push({
      id: transactionId,
      journal,
      time: atMs,
      type: goods.typeId,
      quantity: goods.quantity,
      price: unitPriceCents,
      buy: isBuy ? 1 : 0,
      client: clientId,
      location: goods.locationId,
    });
    const tax = Math.round(total * salesTaxRate);
    if (!isBuy && tax > 0) this.#post(pilotKinds.salesTax, -tax, atMs, characterId, concordId, 0);
  }

  #post(kind: JournalKind, cents: number, atMs: number, first: number, second: number, context: number): number {
    const id = this.#nextId();
    this.#division.balanceCents += cents;
    this.#division.journal.push({
      id,
      time: atMs,
      amount: cents,
      balance: this.balanceCents,
      kind: allPilotKinds.indexOf(kind),
      first,
      second,
      context,
    });
    return id;
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  #party(draw: Random, party: Party): number {
    const { characterId, customers } = this.#setting;
    if (party === "customer") return draw.pick(customers);
    if (party === "npc") return draw.pick(npcIds);
    return party === "concord" ? concordId : characterId;
  }

  #context(draw: Random, { contextType }: JournalKind): number {
    if (contextType === "eve_system") return draw.pick(this.#setting.systemIds);
    if (contextType === "industry_job_id") return 700_000_000 + draw.int(0, 9_999_999);
    return 0;
  }
}
