import { randomInt } from "node:crypto";
import { createClockOffset, installSimulatedClock, setClockOffset } from "@tapi/local/test";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Received, type Scripted, setUpScriptedEsi } from "../../eve/esi/scripted-esi.fixture.ts";
import { corporation } from "../../owner/index.ts";
import type { FetchContext, Row, Validator } from "./index.ts";
import { askNewestPages } from "./newest-pages.ts";

const serve = setUpScriptedEsi();
const operation = "GetCorporationsCorporationIdWalletsDivisionJournal";
const columns = { id: "id", date: "date" };
const hourMs = 3_600_000;
const begin = Date.parse("2026-09-01T15:00:00Z");

interface Entry extends Row {
  id: number;
  date: string;
}

/** A wallet journal as ESI hands it out: newest first, by pages, each of them cached at a moment of its own. */
class Journal {
  /** Newest first, all that there ever were. */
  readonly all: Entry[] = [];
  readonly asked: number[] = [];
  /** What is done before the request of this number is answered. */
  before: (request: number) => void = () => {};
  /** How many moments ago the cache of a page has read the journal. */
  lagOf: (page: number) => number = () => 0;
  readonly #moments: Entry[][] = [];
  readonly #size: number;
  readonly #kept: number;
  #lastId = 1_000;

  constructor(size: number, kept: number) {
    this.#size = size;
    this.#kept = kept;
  }

  get window(): Entry[] {
    return this.all.slice(0, this.#kept);
  }

  add(count: number): void {
    for (let left = count; left > 0; left -= 1) {
      this.#lastId += 2;
      this.#put(this.#lastId);
    }
    this.#keepMoment();
  }

  /** An entry between those that are known, as ESI has shown them: the newest ones aside. */
  addLate(): void {
    if (this.all.length < 2) return;
    this.#put(this.#lastId - 1);
    this.#keepMoment();
  }

  #put(id: number): void {
    this.all.push({ id, date: new Date(begin - hourMs + id * 1000).toISOString() });
    this.all.sort((a, b) => b.id - a.id);
  }

  #keepMoment(): void {
    this.#moments.push(this.window);
  }

  answer(request: Received): Scripted {
    this.before(this.asked.length);
    const page = Number(request.query.get("page") ?? 1);
    this.asked.push(page);
    const moment = Math.max(0, this.#moments.length - 1 - this.lagOf(page));
    const rows = this.#moments[moment] ?? [];
    const pages = Math.max(1, Math.ceil(rows.length / this.#size));
    if (page > pages) return { status: 404, body: { error: "no such page" } };
    const body = rows.slice((page - 1) * this.#size, page * this.#size);
    const etag = `"${body.map(({ id }) => id).join("-")}"`;
    const headers = {
      etag,
      "x-pages": String(pages),
      "last-modified": new Date(begin + moment * 1000).toUTCString(),
      "cache-control": `max-age=${60 + 600 * page}`,
    };
    return request.headers["if-none-match"] === etag ? { status: 304, headers } : { headers, body };
  }
}

/** A copy of a journal, kept as the product keeps it: what comes is added, and nothing goes. */
class Copy {
  readonly rows = new Map<number, Row>();
  known: Validator | undefined;
  readonly #context: FetchContext;

  constructor() {
    const none = () => Promise.reject(new Error("a journal is made from nothing else"));
    this.#context = {
      ...{ owner: corporation(randomInt(98_000_000, 99_000_000)), accessToken: "token" },
      ...{ characterId: randomInt(90_000_000, 98_000_000), validators: {}, interactive: false, isLedger: true },
      ...{ previous: none, view: none, ids: none, progress: () => {}, accepts: () => true },
    };
  }

  async refresh(): Promise<boolean> {
    const target = { path: { division: 1 } };
    const answered = await askNewestPages(operation, target, this.known, this.#context, { columns });
    for (const row of answered.rows ?? []) this.rows.set(row.id as number, row);
    this.known = answered.validator;
    return answered.failure === undefined;
  }

  get ids(): number[] {
    return [...this.rows.keys()].sort((a, b) => b - a);
  }
}

const idsOf = (entries: readonly Entry[]) => entries.map(({ id }) => id);

/** One hour: what is booked before it is read and while it is, and how far the caches of pages are behind each other. */
const anHour = fc.record({
  before: fc.integer({ min: 0, max: 12 }),
  meanwhile: fc.array(fc.record({ at: fc.integer({ min: 0, max: 6 }), count: fc.integer({ min: 1, max: 7 }) }), {
    maxLength: 2,
  }),
  lags: fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 4 }),
  isLate: fc.boolean(),
});
const life = fc.record({
  size: fc.integer({ min: 1, max: 6 }),
  kept: fc.integer({ min: 3, max: 24 }),
  first: fc.integer({ min: 0, max: 24 }),
  hours: fc.array(anHour, { minLength: 1, maxLength: 5 }),
  last: fc.integer({ min: 0, max: 9 }),
});
type Life = typeof life extends fc.Arbitrary<infer Drawn> ? Drawn : never;

let offset: ReturnType<typeof createClockOffset>;
let shiftMs = 0;
let leaveClock = () => {};
beforeEach(() => {
  offset = createClockOffset();
  leaveClock = installSimulatedClock(offset);
  shiftMs = 0;
});
afterEach(() => leaveClock());

/** Moves the clock that the client's budgets and the reading's own day go by. */
function pass(hours: number): void {
  shiftMs += hours * hourMs;
  setClockOffset(offset, shiftMs);
}

/** Lives through the hours of a life; pages that would not fit together end a reading early, as in the product. */
async function live({ size, kept, first, hours }: Life, canBeLate: boolean): Promise<{ journal: Journal; copy: Copy }> {
  const journal = new Journal(size, kept);
  const copy = new Copy();
  await serve((request) => journal.answer(request));
  journal.add(first);
  for (const { before, meanwhile, lags, isLate } of hours) {
    // A journal of which more is booked in an hour than ESI keeps loses entries to everybody.
    journal.add(Math.min(before, Math.floor(kept / 3)));
    if (isLate && canBeLate) journal.addLate();
    const start = journal.asked.length;
    let room = Math.floor(kept / 3);
    journal.before = (request) => {
      for (const { at, count } of meanwhile) {
        const added = Math.min(count, room);
        if (request === start + at && added > 0) journal.add(added);
        if (request === start + at) room -= added;
      }
    };
    journal.lagOf = (page) => (journal.asked.length - start > 5 ? 0 : (lags[page - 1] ?? 0));
    await copy.refresh().catch(() => {});
    pass(1);
  }
  journal.before = () => {};
  journal.lagOf = () => 0;
  return { journal, copy };
}

test("whatever is booked between pages, and however their caches lag, the next complete reading has every entry", async () => {
  await fc.assert(
    fc.asyncProperty(life, async (drawn) => {
      const { journal, copy } = await live(drawn, false);
      journal.add(Math.min(drawn.last, Math.floor(drawn.kept / 3)));

      expect(await copy.refresh()).toBe(true);

      expect(copy.ids.filter((id) => !idsOf(journal.all).includes(id))).toEqual([]);
      expect(idsOf(journal.window).filter((id) => !copy.rows.has(id))).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test("entries that come late, among those that are known, are there after the day's whole reading", async () => {
  await fc.assert(
    fc.asyncProperty(life, async (drawn) => {
      const { journal, copy } = await live(drawn, true);
      pass(25);

      expect(await copy.refresh()).toBe(true);

      expect(idsOf(journal.window).filter((id) => !copy.rows.has(id))).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

test("no page is asked for beyond the first that goes back to what is known, and none twice", async () => {
  await fc.assert(
    fc.asyncProperty(life, async (drawn) => {
      const { journal, copy } = await live(drawn, false);
      await copy.refresh();
      pass(1);
      await copy.refresh();
      pass(1);
      const { length: before } = journal.all;
      journal.add(Math.min(drawn.last, Math.floor(drawn.kept / 3)));
      const added = journal.all.length - before;
      const from = journal.asked.length;

      await copy.refresh();

      const pages = Math.ceil(journal.window.length / drawn.size);
      const needed = Math.max(1, Math.min(pages, Math.floor(added / drawn.size) + 1));
      expect(journal.asked.slice(from)).toEqual(Array.from({ length: needed }, (_, at) => at + 1));
      pass(1);
    }),
    { numRuns: 100 },
  );
});
