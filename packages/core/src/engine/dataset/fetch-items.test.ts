import { randomInt } from "node:crypto";
import { expect, test } from "vitest";
import * as Esi from "../../eve/esi/index.ts";
import * as Owner from "../../owner/index.ts";
import { View } from "../../snapshot/index.ts";
import type { Answered } from "./ask.ts";
import { details, type Item } from "./detail.ts";
import type { FetchContext, ItemState, Validator } from "./index.ts";

const operation = "GetCorporationsCorporationIdContractsContractIdItems";
const group = "corp-contract";
const hourMs = 3_600_000;

const items = (count: number): Item[] => Array.from({ length: count }, (_, index) => ({ part: String(index) }));

const contextOf = (characterId: number, validator?: Validator): FetchContext => ({
  owner: Owner.corporation(98_000_001),
  characterId,
  accessToken: "unused",
  interactive: false,
  validators: validator ? { "": validator } : {},
  previous: async () => View.empty({ columns: ["part"], key: ["part"] }),
  view: () => Promise.reject(new Error("no other dataset")),
  ids: async () => new Set<number>(),
  progress: () => {},
  accepts: () => true,
});

const answer = ({ part }: Item): Answered => ({ rows: [{ part }], staleAt: Date.now() + hourMs, cost: 2 });
const error = (kind: Esi.EsiErrorKind) => new Esi.EsiError(kind, operation, "on purpose");

/** Fetches so many items, of which some are refused in some way. */
function fetchWith(count: number, refuse: (item: Item) => Esi.EsiErrorKind | undefined) {
  const asked: string[] = [];
  const fetch = details(operation, {
    items: async () => items(count),
    partOf: (row) => row.part as string,
    ask: async (item) => {
      asked.push(item.part);
      const kind = refuse(item);
      if (kind) throw error(kind);
      return answer(item);
    },
  });
  return { asked, fetch };
}

const anybody = () => randomInt(2_100_000_000, 2_200_000_000);

test("details take half of what is left of a bucket: the lists that draw on it need the rest", async () => {
  const characterId = anybody();
  const spent: [number, number][] = [[Date.now(), 560]];
  Esi.Budget.restore(characterId, [{ group, limit: 600, windowMs: 900_000, spent }]);
  const { asked, fetch } = fetchWith(50, () => undefined);

  const { staleAt } = await fetch(contextOf(characterId));

  // Forty tokens are left, and a call costs two.
  expect(asked).toHaveLength(10);
  expect(staleAt - Date.now()).toBeLessThanOrEqual(60_000);
});

test.each(["unauthorized", "rate_limited", "error_limited", "downtime"] as const)(
  "%s under way ends the round, and what was answered before counts",
  async (kind) => {
    const { asked, fetch } = fetchWith(50, ({ part }) => (Number(part) >= 10 ? kind : undefined));

    const { parts } = await fetch(contextOf(anybody()));

    expect(parts[0]?.rows).toHaveLength(10);
    expect(asked.length).toBeLessThan(20);
  },
);

test.each(["forbidden", "server", "timeout", "malformed"] as const)(
  "%s on one item after the other ends the round before much is spent, and fails it",
  async (kind) => {
    const { asked, fetch } = fetchWith(50, () => kind);

    const attempt = fetch(contextOf(anybody()));

    await expect(attempt).rejects.toMatchObject({ kind });
    expect(asked.length).toBeLessThan(8);
  },
);

test("items that are not there are remembered, and not asked for again", async () => {
  const first = fetchWith(5, () => "not_found");
  const again = fetchWith(5, () => "not_found");
  const characterId = anybody();

  const { parts } = await first.fetch(contextOf(characterId));
  await again.fetch(contextOf(characterId, parts[0]?.validator));

  expect(parts[0]?.rows).toBeUndefined();
  expect([first.asked.length, again.asked.length]).toEqual([5, 0]);
});

/** Details of these items, each answered once before as `known` says. */
async function nextOf(of: Item[], known: Record<string, ItemState>): Promise<number> {
  const fetch = details(operation, {
    items: async () => of,
    partOf: (row) => row.part as string,
    ask: async (item) => answer(item),
  });
  const { staleAt } = await fetch(contextOf(anybody(), { etags: [], items: known }));
  return staleAt - Date.now();
}

const inMinutes = (minutes: number): ItemState => ({ expiresAt: Math.ceil(Date.now() / 1000) + minutes * 60 });

test("while the list stays as it is, details are due when the first of those that change by themselves expires", async () => {
  const of: Item[] = [{ part: "a", live: true }, { part: "b", live: true }, { part: "c" }];

  const ms = await nextOf(of, { a: inMinutes(40), b: inMinutes(20), c: inMinutes(5) });

  // Those that expire within a minute of each other go together.
  expect(Math.round(ms / 60_000)).toBe(21);
});

test("where nothing will be asked for again, a day passes before the next look", async () => {
  const known = { a: inMinutes(5), b: { ...inMinutes(5), stamp: "closed" } };

  const ms = await nextOf([{ part: "a" }, { part: "b", stamp: "closed" }], known);

  expect(Math.round(ms / hourMs)).toBe(24);
});

test("an item that was refused, or is newer in its list than its detail, is due when what was answered expires", async () => {
  const refused = await nextOf([{ part: "a" }], { a: { ...inMinutes(30), refused: true } });
  const newer = await nextOf([{ part: "a", stamp: "new" }], { a: { ...inMinutes(30), stamp: "old" } });

  expect([refused, newer].map((ms) => Math.round(ms / 60_000))).toEqual([31, 31]);
});

test("what only another director can bring up to date waits for the next turn, if there is one to wait for", async () => {
  const item = { part: "a", stamp: "new", isKept: true };
  const known = { a: { ...inMinutes(0), stamp: "old" } };

  const theirs = await nextOf([{ ...item, isAwaited: true }], known);
  const neverAsked = await nextOf([{ ...item, isAwaited: true }], {});
  const upToDate = await nextOf([{ ...item, isAwaited: true }], { a: { ...inMinutes(0), stamp: "new" } });
  const nobodys = await nextOf([item], known);

  expect([theirs, neverAsked, upToDate, nobodys].map((ms) => Math.round(ms / 60_000))).toEqual([10, 10, 1440, 1440]);
});

test("what a refresh leaves over is told, and follows a minute later", async () => {
  const { fetch } = fetchWith(130, () => undefined);

  const { staleAt, hasMore } = await fetch(contextOf(anybody()));

  expect(hasMore).toBe(true);
  expect(staleAt - Date.now()).toBeLessThanOrEqual(60_000);
});

test("an error that is not ESI's is thrown as it is", async () => {
  const fetch = details(operation, {
    items: async () => items(3),
    partOf: (row) => row.part as string,
    ask: () => Promise.reject(new TypeError("a bug")),
  });

  await expect(fetch(contextOf(anybody()))).rejects.toThrow(TypeError);
});
