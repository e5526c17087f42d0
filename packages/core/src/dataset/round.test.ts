import { randomInt } from "node:crypto";
import { expect, test } from "vitest";
import * as Esi from "../esi/index.ts";
import { View } from "../snapshot/index.ts";
import type { Answered } from "./ask.ts";
import { details, type Item } from "./detail.ts";
import type { FetchContext, Validator } from "./index.ts";

const operation = "GetCorporationsCorporationIdContractsContractIdItems";
const group = "corp-contract";
const hourMs = 3_600_000;

const items = (count: number): Item[] => Array.from({ length: count }, (_, index) => ({ part: String(index) }));

const contextOf = (characterId: number, validator?: Validator): FetchContext => ({
  corporationId: 98_000_001,
  characterId,
  accessToken: "unused",
  interactive: false,
  validators: validator ? { "": validator } : {},
  previous: async () => View.empty({ columns: ["part"], key: ["part"] }),
  view: () => Promise.reject(new Error("no other dataset")),
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

test("an error that is not ESI's is thrown as it is", async () => {
  const fetch = details(operation, {
    items: async () => items(3),
    partOf: (row) => row.part as string,
    ask: () => Promise.reject(new TypeError("a bug")),
  });

  await expect(fetch(contextOf(anybody()))).rejects.toThrow(TypeError);
});
