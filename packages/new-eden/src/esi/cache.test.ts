import { afterAll, beforeAll, expect, test } from "vitest";
import { type NewEden, startNewEden } from "../index.ts";
import { Client, control } from "../test/client.ts";

let eden: NewEden;
let ceo: Client;
let corporationId: number;

interface Asset {
  item_id: number;
  quantity: number;
}

beforeAll(async () => {
  eden = await startNewEden({ corporations: [{ members: 15, assets: 2400, journalPerDay: 200 }] });
  const [corporation] = eden.world.corporations;
  corporationId = corporation?.corporationId as number;
  ceo = await Client.login(eden.url, corporation?.ceo.characterId as number);
});
afterAll(() => eden.close());

const page = (number: number, headers = {}) =>
  ceo.get<Asset[]>(`/corporations/${corporationId}/assets?page=${number}`, headers);
const truth = <Row>(dataset: string, query = "") =>
  control<Row[]>(eden.url, "GET", `/truth/${corporationId}/${dataset}${query}`);
/** Access tokens live twenty minutes of the simulated time: log in anew after a jump. */
async function advance(seconds: number): Promise<void> {
  await control(eden.url, "POST", "/clock", { advanceSeconds: seconds });
  ceo = await Client.login(eden.url, eden.world.corporations[0]?.ceo.characterId as number);
}

test("a set of pages is complete, with one Last-Modified, and 404 after its end", async () => {
  const pages = await Promise.all([page(1), page(2), page(3)]);
  const beyond = await page(4);

  expect(pages.map(({ headers }) => headers.get("x-pages"))).toEqual(["3", "3", "3"]);
  expect(new Set(pages.map(({ headers }) => headers.get("last-modified"))).size).toBe(1);
  expect(pages.flatMap(({ body }) => body)).toEqual(await truth("assets"));
  expect(beyond.status).toBe(404);
});

test("a change shows once the answer has expired, not before", async () => {
  await advance(3600);
  const before = await page(1);
  await control(eden.url, "POST", "/assets", { corporationId, changeFraction: 0.5 });

  const within = await page(1);
  const held = await truth("assets");
  const live = await truth("assets", "?live=1");
  await advance(3600);
  const after = await page(1);

  expect(within.body).toEqual(before.body);
  expect(within.headers.get("expires")).toBe(before.headers.get("expires"));
  expect(held.slice(0, 1000)).toEqual(before.body);
  expect(live).not.toEqual(held);
  expect(after.body).not.toEqual(before.body);
  expect(Date.parse(after.headers.get("last-modified") ?? "")).toBeGreaterThanOrEqual(
    Date.parse(before.headers.get("expires") ?? ""),
  );
});

test("an unchanged page is a 304 without a body, before and after its expiry", async () => {
  const path = `/corporations/${corporationId}/titles`;
  const first = await ceo.get(path);
  const ifNoneMatch = { "if-none-match": first.headers.get("etag") ?? "" };

  const again = await ceo.get(path, ifNoneMatch);
  await advance(3601);
  const later = await ceo.get(path, ifNoneMatch);

  expect([again.status, later.status]).toEqual([304, 304]);
  expect(again.body).toBeUndefined();
  expect(later.headers.get("last-modified")).not.toBe(first.headers.get("last-modified"));
});

test("max-age and Expires say the same moment", async () => {
  const { headers } = await ceo.get(`/corporations/${corporationId}/wallets`);

  const maxAge = Number(headers.get("cache-control")?.match(/max-age=(\d+)/)?.[1]);
  const date = Date.parse(headers.get("date") ?? "");
  expect(maxAge).toBeGreaterThan(0);
  expect(Math.abs(date + maxAge * 1000 - Date.parse(headers.get("expires") ?? ""))).toBeLessThanOrEqual(1000);
});

test("transactions continue from an id, which is included", async () => {
  const path = `/corporations/${corporationId}/wallets/1/transactions`;
  const { body: all } = await ceo.get<{ transaction_id: number }[]>(path);
  const third = all[2]?.transaction_id;

  const { body } = await ceo.get<{ transaction_id: number }[]>(`${path}?from_id=${third}`);

  expect(body).toEqual(all.slice(2));
});

test("a missing or unknown compatibility date is refused", async () => {
  const [missing, unknown] = await Promise.all([
    fetch(`${eden.url}/status`),
    fetch(`${eden.url}/status`, { headers: { "x-compatibility-date": "2019-01-01" } }),
  ]);

  expect([missing.status, unknown.status]).toEqual([400, 400]);
});

test("a fetch before the expiry that the caller was told is counted, others are not", async () => {
  await control(eden.url, "DELETE", "/stats");
  const early = async () => (await control<{ earlyFetches: number }>(eden.url, "GET", "/stats")).earlyFetches;
  const members = `/corporations/${corporationId}/members`;
  const director = await Client.login(eden.url, eden.world.corporations[0]?.directors[0]?.characterId as number);

  await ceo.get(members);
  await director.get(members);
  await ceo.get(`/corporations/${corporationId}/roles`);
  const first = await early();
  await ceo.get(members);
  const second = await early();
  await advance(3600);
  await ceo.get(members);
  const third = await early();

  expect([first, second, third]).toEqual([0, 1, 1]);
});
