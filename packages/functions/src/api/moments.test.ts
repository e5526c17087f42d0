import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as Config from "@tapi/core/platform/config";
import * as Db from "@tapi/core/platform/db";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startWorld, type World } from "../../../core/test/world.ts";
import { type Browser, directorOf } from "../../test/browser.ts";

interface Entry {
  id: number;
  date: string;
  ref_type: string;
  description: string;
}

const dataset = "wallet-journal";

let world: World;
let corporations: { director: Browser; corporationId: number }[];
let first: number;

beforeAll(async () => {
  const small = { members: 12, assets: 10, journalPerDay: 1 };
  world = await startWorld({ corporations: [small, small, small, small] });
  const { corporations: all } = await world.truth();
  corporations = await Promise.all(
    all.map(async ({ corporationId, ceo }) => ({ corporationId, director: await directorOf(ceo.characterId) })),
  );
  const twoDaysAgo = world.eden.clock.now() - 2 * 86_400_000;
  first = twoDaysAgo - (twoDaysAgo % 1000);
});
afterAll(() => world?.close());

/** So many seconds after the first moment, as a clock that is `ahead` of UTC writes them, with this fraction. */
function written(seconds: number, fraction: string, offset = "Z", aheadMinutes = 0): string {
  const local = new Date(first + seconds * 1000 + aheadMinutes * 60_000).toISOString().slice(0, 19);
  return `${local}${fraction}${offset}`;
}

const entry = (date: string, index: number): Entry => ({
  ...{ id: 1000 + index, date },
  ...{ ref_type: "player_donation", description: "A gift" },
});

/** Refreshes the journal from an ESI that has these entries in the first division, and answers what it is asked. */
async function refreshFrom(corporationId: number, entries: Entry[]): Promise<void> {
  const esi = createServer((request, response) => {
    const body = request.url?.includes("/wallets/1/journal") ? entries : [];
    response.writeHead(200, { "content-type": "application/json", "x-pages": "1" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => esi.listen(0, "127.0.0.1", resolve));
  const before = process.env.ESI_BASE_URL;
  process.env.ESI_BASE_URL = `http://127.0.0.1:${(esi.address() as AddressInfo).port}`;
  Config.reset();
  try {
    await world.refresh(corporationId, dataset);
  } finally {
    process.env.ESI_BASE_URL = before;
    Config.reset();
    esi.closeAllConnections();
    await new Promise((resolve) => esi.close(resolve));
  }
}

const take = () => {
  const next = corporations.pop();
  if (!next) throw new Error("no corporation is left");
  return next;
};

test("moments of any precision and offset are sorted, bounded and filtered as the moments that they are", async () => {
  const { director, corporationId } = take();
  const inOrder = [
    written(0, ""),
    written(0, ".1"),
    written(0, ".123456"),
    written(0, ".1234567", "+00:00"),
    written(0, ".5", "+02:00", 120),
    written(1, "", "-05:30", -330),
    written(1, ".000", "-00:00").replace(".000", ".0000001"),
    written(2, ".0", "+14:00", 840),
  ].map(entry);
  await refreshFrom(
    corporationId,
    [...inOrder].sort((one, other) => (one.date < other.date ? -1 : 1)),
  );
  const ids = async (query: Record<string, string>) => {
    const asked = new URLSearchParams({ from: written(-60, ""), limit: "100", ...query });
    const { body } = await director.get(`/corporations/${corporationId}/datasets/${dataset}/rows?${asked}`);
    return body.data.map(({ id }: Entry) => id - 1000);
  };

  const all = [0, 1, 2, 3, 4, 5, 6, 7];
  expect(await ids({ sort: "date" })).toEqual(all);
  expect(await ids({ sort: "-date" })).toEqual([...all].reverse());
  expect(await ids({ sort: "date", from: written(0, ".123", "Z") })).toEqual(all.slice(2));
  expect(await ids({ sort: "date", from: written(1, "", "+03:00", 180) })).toEqual(all.slice(5));
  expect(await ids({ sort: "date", to: written(0, ".5", "-01:00", -60) })).toEqual(all.slice(0, 5));
  expect(await ids({ "filter.date": written(0, ".500", "Z") })).toEqual([4]);
  expect(await ids({ "filter.date": written(2, "", "-08:00", -480) })).toEqual([7]);
});

test("a page's cursor goes on at the right moment, whatever form the moments had", async () => {
  const { director, corporationId } = take();
  const entries = Array.from({ length: 9 }, (_, index) =>
    entry(index % 2 ? written(0, `.${index}`) : written(0, `.${index}00`, "+02:00", 120), index),
  );
  await refreshFrom(corporationId, entries);
  const seen: number[] = [];

  for (let cursor: string | undefined = ""; cursor !== undefined; ) {
    const query = new URLSearchParams({
      sort: "date",
      limit: "2",
      from: written(-60, ""),
      ...(cursor ? { cursor } : {}),
    });
    const { body } = await director.get(`/corporations/${corporationId}/datasets/${dataset}/rows?${query}`);
    seen.push(...body.data.map(({ id }: Entry) => id - 1000));
    cursor = body.meta.nextCursor;
  }

  expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

/** DynamoDB calls that removing a corporation takes whose journal ESI has answered with these entries. */
async function callsToRemove(entries: Entry[]): Promise<number> {
  const { director, corporationId } = take();
  await refreshFrom(corporationId, entries);
  const { result, consumed } = await Db.metered(() => director.fetch("DELETE", `/corporations/${corporationId}`));
  expect(result.status).toBeLessThan(300);
  return consumed.requests;
}

test("removing a corporation takes no more calls although ESI has dated entries before EVE, in the far future, or not at all", async () => {
  const good = [entry(written(0, ""), 0), entry(written(1, ""), 1)];
  const absurd = ["0001-01-01T00:00:00Z", "1999-12-31T23:59:59Z", "9999-12-31T23:59:59Z", "not a date", ""];

  const plain = await callsToRemove(good);
  const strange = await callsToRemove([...good, ...absurd.map((date, index) => entry(date, 10 + index))]);

  expect(strange).toBe(plain);
});
