import { dayMs, minuteMs } from "../clock.ts";
import { hash, type Random, random } from "../random.ts";
import { goods } from "../static-data/goods.ts";
import {
  donation,
  expenseKinds,
  incomeKinds,
  type JournalKind,
  kinds,
  type Party,
  sale,
  salesTax,
  transfer,
} from "./journal-kind.ts";
import { Division, type JournalEntry, type Transaction } from "./wallet-division.ts";

/** CONCORD pays bounties and takes the taxes. */
const concordId = 1_000_125;
/** Rate of the sales tax with middling skills. */
const salesTaxRate = 0.036;
/** How a corporation splits its ISK and its traffic over the seven divisions. */
const shares = [0.5, 0.2, 0.1, 0.08, 0.06, 0.04, 0.02];
const shareOf = shares.map((weight, index) => ({ weight, index }));
const ticksPerDay = 288;

/** Whom and what entries refer to; asked at the time of each entry. */
interface Traffic {
  corporationId: number;
  members: (random: Random) => number;
  customers: readonly number[];
  npcIds: readonly number[];
  stationIds: readonly number[];
  systemIds: readonly number[];
  structureIds: readonly number[];
}

const kindIndex = new Map(kinds.map((kind, index) => [kind, index]));

interface Setting {
  seed: string;
  /** Tells the ids of this corporation's entries from all others'. */
  index: number;
  entriesPerDay: number;
  /** ISK that the seven divisions hold together, about. */
  wealthIsk: number;
  traffic: Traffic;
}

/** Seven divisions of ISK in whole cents; every change is a journal entry whose balance is the division's. */
export class Wallet {
  readonly #divisions = shares.map(() => new Division(kinds));
  readonly #setting: Setting;
  readonly #stream: number;
  #lastId: number;
  #lastMs = 0;

  constructor(setting: Setting) {
    this.#setting = setting;
    this.#stream = hash(setting.seed, setting.index, "wallet");
    this.#lastId = 22_000_000_000 + setting.index * 100_000_000;
    for (const [index, division] of this.#divisions.entries()) {
      division.balanceCents = Math.round(setting.wealthIsk * (shares[index] as number)) * 100;
    }
  }

  balances(): { division: number; balanceCents: number }[] {
    return this.#divisions.map(({ balanceCents }, index) => ({ division: index + 1, balanceCents }));
  }

  /** Entries of a division since a time, newest first, as ESI lists them. */
  journal(division: number, sinceMs: number): JournalEntry[] {
    return this.#divisions[division - 1]?.journalSince(sinceMs) ?? [];
  }

  /** Market transactions of a division since a time, newest first. */
  transactions(division: number, sinceMs: number): Transaction[] {
    return this.#divisions[division - 1]?.transactionsSince(sinceMs) ?? [];
  }

  journalCount(sinceMs: number): number {
    return this.#divisions.reduce((sum, { journal }) => sum + journal.countFrom("time", sinceMs), 0);
  }

  transactionCount(sinceMs: number): number {
    return this.#divisions.reduce((sum, { transactions }) => sum + transactions.countFrom("time", sinceMs), 0);
  }

  tick(tick: number, atMs: number): void {
    const { entriesPerDay } = this.#setting;
    const draw = random(this.#stream, tick);
    const count = draw.count(entriesPerDay / ticksPerDay);
    for (let entry = 0; entry < count; entry += 1) {
      const timeMs = atMs - Math.round((1 - (entry + draw.next()) / count) * 5 * minuteMs);
      this.#event(draw, timeMs);
    }
  }

  /** Someone deposits or takes out ISK by hand; a negative amount takes out. */
  deposit(division: number, amountCents: number, characterId: number, timeMs: number): void {
    const { corporationId } = this.#setting.traffic;
    const withdrawal = kinds.find((kind) => kind.refType === "corporation_account_withdrawal") as JournalKind;
    if (amountCents >= 0) this.#post(division, donation, amountCents, timeMs, characterId, corporationId);
    else this.#post(division, withdrawal, amountCents, timeMs, corporationId, characterId);
  }

  /** A sale on the market by hand. */
  sell(draw: Random, division: number, timeMs: number): void {
    this.#trade(draw, division, sale, sale.min * 100, timeMs);
  }

  #event(draw: Random, timeMs: number): void {
    const { wealthIsk } = this.#setting;
    const number = 1 + draw.weighted(shareOf).index;
    const division = this.#divisions[number - 1] as Division;
    const target = wealthIsk * (shares[number - 1] as number) * 100;
    // Above its usual wealth a division spends more often than it earns, below it less: balances wander, never run away.
    const spend = Math.min(0.95, Math.max(0.05, 0.47 + 0.4 * (division.balanceCents / target - 1)));
    if (number > 1 && draw.chance(0.02)) {
      this.#move(draw, number, timeMs);
      return;
    }
    const kind = draw.weighted(draw.chance(spend) ? expenseKinds : incomeKinds);
    const scale = Math.min(1, wealthIsk / 450e9) ** 0.7;
    const drawn = draw.skewed(kind.min * 100, kind.max * 100) * scale;
    const limit = kind.direction < 0 ? division.balanceCents * 0.3 : Number.POSITIVE_INFINITY;
    const cents = Math.max(1, Math.floor(Math.min(drawn, limit)));
    if (kind.contextType === "market_transaction_id") {
      this.#trade(draw, number, kind, cents, timeMs);
      return;
    }
    const first = this.#party(draw, kind.first);
    const second = this.#party(draw, kind.second);
    const context = this.#context(draw, kind);
    this.#post(number, kind, kind.direction * cents, timeMs, first, second, context ?? 0);
  }

  /** A market transaction and, when something was sold, its sales tax. */
  #trade(draw: Random, number: number, kind: JournalKind, budgetCents: number, timeMs: number): void {
    const { traffic } = this.#setting;
    const division = this.#divisions[number - 1] as Division;
    const pool = draw.pick([goods().minerals, goods().modules, goods().ships, goods().charges, goods().drones]);
    const drawn = draw.pick(pool);
    // A capital ship is beyond a small corporation: it trades minerals instead.
    const type = drawn.priceIsk * 100 > budgetCents * 2 ? draw.pick(goods().minerals) : drawn;
    const unitPriceCents = Math.max(1, Math.round(type.priceIsk * 100 * (0.85 + draw.next() * 0.4)));
    const quantity = Math.max(1, Math.min(5_000_000, Math.floor(budgetCents / unitPriceCents)));
    const total = unitPriceCents * quantity;
    const isBuy = kind.direction < 0;
    if (isBuy && total > division.balanceCents) return;
    const clientId = draw.pick(traffic.customers);
    const transactionId = this.#nextId();
    const [first, second] = isBuy ? [traffic.corporationId, clientId] : [clientId, traffic.corporationId];
    const entry = this.#post(number, kind, kind.direction * total, timeMs, first, second, transactionId);
    division.transactions.push({
      id: transactionId,
      journal: entry.id,
      time: entry.timeMs,
      type: type.typeId,
      quantity,
      price: unitPriceCents,
      buy: isBuy ? 1 : 0,
      client: clientId,
      location: draw.pick(traffic.stationIds),
    });
    const tax = Math.round(total * salesTaxRate);
    if (!isBuy && tax > 0) this.#post(number, salesTax, -tax, timeMs, traffic.corporationId, concordId);
  }

  /** ISK from the master wallet into another division: one entry in each. */
  #move(draw: Random, to: number, timeMs: number): void {
    const { corporationId } = this.#setting.traffic;
    const cents = Math.floor((this.#divisions[0] as Division).balanceCents * 0.01 * draw.next());
    if (cents <= 0) return;
    this.#post(1, transfer, -cents, timeMs, corporationId, corporationId);
    this.#post(to, transfer, cents, timeMs, corporationId, corporationId);
  }

  #post(
    number: number,
    kind: JournalKind,
    amountCents: number,
    timeMs: number,
    firstPartyId: number,
    secondPartyId: number,
    contextId = 0,
  ): { id: number; timeMs: number } {
    const division = this.#divisions[number - 1] as Division;
    const id = this.#nextId();
    // An entry made by hand may lie ahead of the tick that follows: later ids are never older.
    this.#lastMs = Math.max(this.#lastMs, timeMs);
    division.balanceCents += amountCents;
    division.journal.push({
      id,
      time: this.#lastMs,
      amount: amountCents,
      balance: division.balanceCents,
      kind: kindIndex.get(kind) ?? 0,
      first: firstPartyId,
      second: secondPartyId,
      context: contextId,
    });
    return { id, timeMs: this.#lastMs };
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  #party(draw: Random, party: Party): number {
    const { traffic } = this.#setting;
    if (party === "member") return traffic.members(draw);
    if (party === "customer") return draw.pick(traffic.customers);
    if (party === "npc") return draw.pick(traffic.npcIds);
    return party === "concord" ? concordId : traffic.corporationId;
  }

  #context(draw: Random, kind: JournalKind): number | undefined {
    const { traffic } = this.#setting;
    if (kind.contextType === "eve_system") return draw.pick(traffic.systemIds);
    if (kind.contextType === "structure_id") return draw.pick(traffic.structureIds);
    if (kind.contextType === "character_id") return traffic.members(draw);
    if (kind.contextType === "contract_id") return 200_000_000 + draw.int(0, 9_999_999);
    if (kind.contextType === "industry_job_id") return 600_000_000 + draw.int(0, 9_999_999);
    return undefined;
  }
}

/** ESI serves a month of wallet history. */
export const walletWindowMs = 30 * dayMs;
