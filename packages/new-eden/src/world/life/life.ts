import { dayMs, minuteMs } from "../../clock.ts";
import { hash, type Random, random } from "../../random.ts";
import type { Character } from "../people.ts";
import type { Structure } from "../structure.ts";
import { Belongings } from "./belongings.ts";
import { type Clone, drawClone, plugIn } from "./clone.ts";
import { drawHabits, drawSessions, type Habits, type Session } from "./habits.ts";
import { Notices } from "./notices.ts";
import { Purse } from "./purse.ts";
import { Reputation } from "./reputation.ts";
import { Training } from "./training.ts";
import { type Dock, Whereabouts } from "./whereabouts.ts";

export interface LifeSetting {
  seed: string;
  /** When the world begins. */
  epochMs: number;
  character: Character;
  docks: readonly Dock[];
  /** Those of their first corporation. */
  structures: readonly Structure[];
  systemIds: readonly number[];
  /** Pilots of other corporations. */
  customers: readonly number[];
}

interface Event {
  atMs: number;
  happen: (draw: Random) => void;
}

/** A life is told from this long before the world begins: a month of wallet history, and some days more. */
const pastMs = 40 * dayMs;
const noticesPerDay = 1.3;
const turnsPerDay = 0.5;
const hardwiringsPerSession = 0.05;
const storeVisitsPerSession = 0.15;
const oldestCharacterId = 2_112_000_000;
/** Ids of one kind that tell one pilot's things from the next one's. */
const idsOf = (base: number, { characterId }: Character, perCharacter: number): number =>
  base + (characterId - oldestCharacterId) * perCharacter;

/**
 * All that only a pilot's own token shows. Each day is planned ahead from chance, and what it holds happens in the order
 * of time, whenever somebody asks next: who is never asked about costs nothing.
 */
export class Life {
  readonly character: Character;
  readonly clone: Clone;
  readonly habits: Habits;
  readonly training: Training;
  readonly purse: Purse;
  readonly belongings: Belongings;
  readonly whereabouts: Whereabouts;
  readonly notices: Notices;
  readonly reputation: Reputation;
  isOnline = false;
  lastLoginMs: number;
  lastLogoutMs: number;
  logins: number;
  readonly #stream: number;
  /** Chance counts from here: what happens does not depend on the date. */
  readonly #startMs: number;
  #agenda: Event[] = [];
  #nextDayMs: number;

  constructor({ seed, epochMs, character, docks, structures, systemIds, customers }: LifeSetting) {
    this.character = character;
    this.#stream = hash(seed, "life", character.characterId);
    const draw = random(this.#stream);
    this.habits = drawHabits(draw);
    this.clone = drawClone(draw);
    this.whereabouts = new Whereabouts(draw, docks, systemIds);
    const firstItemId = idsOf(1_050_000_000_000, character, 20_000);
    this.belongings = new Belongings(draw, firstItemId, this.whereabouts.home, docks);
    this.reputation = new Reputation(random(this.#stream, "reputation"));
    this.purse = new Purse({
      characterId: character.characterId,
      firstId: idsOf(30_000_000_000, character, 100_000),
      wealthIsk: this.habits.wealthIsk,
      customers,
      systemIds,
      takeGoods: (from) => this.belongings.take(from),
      bringGoods: (from, budgetIsk) => this.belongings.buy(from, budgetIsk),
      finishMission: (corporationId, rewardIsk) => this.reputation.finishMission(corporationId, rewardIsk),
    });
    this.notices = new Notices(this.#stream, idsOf(2_100_000_000, character, 20_000), {
      characterId: character.characterId,
      corporationId: character.firstCorporationId,
      structures,
      customers,
    });
    const startMs = Math.floor((epochMs - pastMs) / dayMs) * dayMs;
    this.#startMs = startMs;
    const ageDays = Math.max(0, (startMs - character.birthdayMs) / dayMs);
    const { attributes } = this.clone;
    this.training = new Training({ stream: this.#stream, habits: this.habits, attributes, ageDays, startMs });
    this.logins = 1 + Math.floor(ageDays * this.habits.activity);
    this.lastLoginMs = startMs - 30 * minuteMs;
    this.lastLogoutMs = startMs;
    this.#nextDayMs = startMs;
  }

  /** Lets everything happen that happens until then; going back is not possible, as in life. */
  advanceTo(nowMs: number): void {
    for (;;) {
      while (this.#agenda[0] && this.#agenda[0].atMs <= nowMs) {
        const { atMs, happen } = this.#agenda.shift() as Event;
        happen(random(this.#stream, atMs - this.#startMs));
      }
      if (this.#nextDayMs > nowMs) break;
      this.#agenda = this.#plan(this.#nextDayMs);
      this.#nextDayMs += dayMs;
    }
    if (this.isOnline) this.training.settle(nowMs);
  }

  login(atMs: number): void {
    if (this.isOnline) return;
    this.isOnline = true;
    this.lastLoginMs = atMs;
    this.logins += 1;
    this.training.login(atMs);
  }

  logout(atMs: number): void {
    if (!this.isOnline) return;
    this.isOnline = false;
    this.lastLogoutMs = atMs;
    this.training.settle(atMs);
  }

  #plan(dayStartMs: number): Event[] {
    const draw = random(this.#stream, "day", (dayStartMs - this.#startMs) / dayMs);
    const sessions = drawSessions(draw, dayStartMs, this.habits);
    const sometime = (count: number, happen: (atMs: number) => Event["happen"]): Event[] =>
      Array.from({ length: count }, () => {
        const atMs = dayStartMs + draw.int(0, dayMs - 1);
        return { atMs, happen: happen(atMs) };
      });
    // Orders are filled and gifts come also while a pilot is away.
    const alone = [
      ...sometime(draw.count(noticesPerDay), (atMs) => (from) => this.notices.arrive(from, atMs)),
      ...sometime(draw.count(turnsPerDay), (atMs) => (from) => this.purse.turn(from, atMs)),
    ];
    const played = sessions.flatMap((session) => this.#planSession(draw, session));
    const errands = sessions.flatMap((session) => this.#planErrands(session));
    return [...alone, ...played, ...errands].sort((one, other) => one.atMs - other.atMs);
  }

  /** What is done now and then, by a chance of its own: it changes nothing about the rest of the day. */
  #planErrands({ startMs, endMs }: Session): Event[] {
    const draw = random(this.#stream, "errands", startMs - this.#startMs);
    const sometimes = (chance: number, happen: Event["happen"]): Event[] =>
      draw.chance(chance) ? [{ atMs: draw.int(startMs + 1, endMs - 1), happen }] : [];
    return [
      ...sometimes(hardwiringsPerSession, (from) => plugIn(from, this.clone)),
      ...sometimes(storeVisitsPerSession, (from) => this.reputation.spend(from)),
    ];
  }

  #planSession(draw: Random, { startMs, endMs }: Session): Event[] {
    const minutes = (endMs - startMs) / minuteMs;
    const within = (count: number, happen: (atMs: number) => Event["happen"]): Event[] =>
      Array.from({ length: count }, () => {
        const atMs = draw.int(startMs + 1, endMs - 1);
        return { atMs, happen: happen(atMs) };
      });
    return [
      { atMs: startMs, happen: (from) => this.#arrive(from, startMs) },
      ...within(Math.ceil(minutes / 15), () => (from) => this.#move(from)),
      ...within(draw.int(1, 8), (atMs) => (from) => this.purse.turn(from, atMs)),
      ...within(draw.int(0, 4), () => (from) => this.belongings.change(from, 1)),
      { atMs: endMs, happen: (from) => this.#depart(from, endMs) },
    ];
  }

  #arrive(draw: Random, atMs: number): void {
    this.login(atMs);
    if (draw.chance(0.3)) this.belongings.board(draw, this.whereabouts.place);
  }

  #move(draw: Random): void {
    this.whereabouts.move(draw);
    this.belongings.follow(this.whereabouts.place);
  }

  #depart(draw: Random, atMs: number): void {
    this.whereabouts.rest(draw);
    this.belongings.follow(this.whereabouts.place);
    this.logout(atMs);
  }
}
