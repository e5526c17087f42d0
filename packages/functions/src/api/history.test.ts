import { afterAll, beforeAll, expect, test } from "vitest";
import * as Db from "../../../core/src/platform/db/index.ts";
import { startWorld, type World } from "../../../core/test/world.ts";
import { Browser, directorOf } from "../../test/browser.ts";

let world: World;
let director: Browser;
let stranger: Browser;
let corporationId: number;
let before: string;

const base = () => `/corporations/${corporationId}`;
const at = (moment: string) => encodeURIComponent(moment);

beforeAll(async () => {
  const size = { members: 30, assets: 50, journalPerDay: 5 };
  world = await startWorld({ corporations: [size, size] });
  const [home, other] = (await world.truth()).corporations;
  corporationId = home?.corporationId as number;
  director = await directorOf(home?.ceo.characterId as number);
  stranger = new Browser();
  await stranger.logIn(other?.ceo.characterId as number);
  await world.refresh(corporationId, "members");
  before = new Date().toISOString();
  await world.control("members", { corporationId, join: 2 });
  await world.advance(2 * 3600);
  await world.refresh(corporationId, "members");
});
afterAll(() => world?.close());

test("the feed tells who joined, in pages", async () => {
  const first = await director.get(`${base()}/history?limit=1&from=${at(before)}`);
  const second = await director.get(
    `${base()}/history?limit=1&from=${at(before)}&cursor=${first.body.meta.nextCursor}`,
  );

  expect(first).toMatchObject({ status: 200, body: { data: [{ kind: "member.joined", dataset: "members" }] } });
  expect(second.body.data[0].id).not.toBe(first.body.data[0].id);
  expect(second.body.data[0].text).toMatch(/joined$/);
});

test("rows as of a moment, and what differs since", async () => {
  const now = await director.get(`${base()}/datasets/members/rows?limit=1`);
  const then = await director.get(`${base()}/datasets/members/rows?limit=1&at=${at(before)}`);
  const changes = await director.get(`${base()}/datasets/members/changes?from=${at(before)}`);

  expect(then.status).toBe(200);
  expect(now.body.meta.total).toBe(then.body.meta.total + 2);
  expect(changes).toMatchObject({ status: 200, body: { meta: { added: 2, removed: 0, changed: 0 } } });
  expect(changes.body.data).toHaveLength(2);
});

test("the choices of a filter as of a moment are made of that moment's rows", async () => {
  const rows = (await director.get(`${base()}/datasets/members/rows?limit=500&at=${at(before)}`)).body.data;
  const facets = (moment = "") => director.get(`${base()}/datasets/members/rows/facets?column=name${moment}`);

  const then = (await facets(`&at=${at(before)}`)).body.data;
  const now = (await facets()).body.data;

  const names = (found: { value: string }[]) => found.map(({ value }) => value).sort();
  expect(names(then)).toEqual(rows.map(({ name }: { name: string }) => name).sort());
  expect(now).toHaveLength(then.length + 2);
});

test.each([
  ["history.csv", () => `${base()}/history.csv`, /^Time,Dataset,Kind,Change,What happened\r\n/, "history-"],
  [
    "rows.csv as of a moment",
    () => `${base()}/datasets/members/rows.csv?at=${at(before)}`,
    /^Character,/,
    "members-as-of-",
  ],
  ["changes.csv", () => `${base()}/datasets/members/changes.csv?from=${at(before)}`, /joined\r\n/, "members-changes-"],
])("%s is a file", async (_, path, content, name) => {
  const response = await director.fetch("GET", path());

  expect(response.status).toBe(200);
  expect(response.headers.get("content-disposition")).toBe(`attachment; filename="${name}${corporationId}.csv"`);
  expect(await response.text()).toMatch(content);
});

test.each([
  ["/history?limit=0", "request.invalid"],
  ["/history?from=yesterday", "request.invalid"],
  ["/history?cursor=nonsense", "history.bad_cursor"],
  ["/history.csv?to=never", "request.invalid"],
  ["/datasets/members/rows?at=then", "request.invalid"],
  ["/datasets/members/rows.csv?at=then", "request.invalid"],
  ["/datasets/members/rows/facets?column=name&at=then", "request.invalid"],
  ["/datasets/members/changes", "request.invalid"],
  ["/datasets/members/changes?from=2026-01-02&to=2026-01-01", "history.bad_period"],
])("%s is a bad request", async (path, code) => {
  expect(await director.get(base() + path)).toMatchObject({ status: 400, body: { error: { code } } });
});

const paths = [
  "/history",
  "/history.csv",
  "/datasets/members/rows?at=2026-11-20",
  "/datasets/members/rows.csv?at=2026-11-20",
  "/datasets/members/changes?from=2026-11-20",
  "/datasets/members/changes.csv?from=2026-11-20",
];

test.each(paths)("%s is answered to readers of the corporation only", async (path) => {
  expect(await new Browser().get(base() + path)).toMatchObject({ status: 401 });
  expect(await stranger.get(base() + path)).toMatchObject({
    status: 404,
    body: { error: { code: "corporation.not_found" } },
  });
});

test.each(paths.slice(2))("%s knows no other datasets", async (path) => {
  expect(await director.get(base() + path.replace("members", "nothing"))).toMatchObject({
    status: 404,
    body: { error: { code: "dataset.not_found" } },
  });
});

/** DynamoDB calls that a request makes whose like has been answered before. */
async function callsOf(path: string): Promise<number> {
  await director.get(`${base()}${path}`);
  const { result, consumed } = await Db.metered(() => director.get(`${base()}${path}`));
  expect(result.status).toBe(200);
  return consumed.requests;
}

const beginning = "0001-01-01";
const end = "9999-12-31T23:59:59Z";

test.each([
  ["the feed", (from: string, to: string) => `/history?from=${from}&to=${to}`],
  ["the feed as CSV", (from: string, to: string) => `/history.csv?from=${from}&to=${to}`],
  ["a ledger's history", (from: string, to: string) => `/history?dataset=wallet-journal&from=${from}&to=${to}`],
  ["a list's history", (from: string, to: string) => `/history?dataset=members&from=${from}&to=${to}`],
  ["a ledger's rows", (from: string, to: string) => `/datasets/wallet-journal/rows?from=${from}&to=${to}`],
  ["a ledger as CSV", (from: string, to: string) => `/datasets/wallet-journal/rows.csv?from=${from}&to=${to}`],
  [
    "a ledger's facets",
    (from: string, to: string) => `/datasets/wallet-journal/rows/facets?column=ref_type&from=${from}&to=${to}`,
  ],
  ["a list as of a moment", (_: string, to: string) => `/datasets/members/rows?at=${to}`],
  ["a ledger as of a moment", (_: string, to: string) => `/datasets/wallet-journal/rows?at=${to}`],
])("%s of all years that there can be costs no more calls than of the last month", async (_, path) => {
  await world.refresh(corporationId, "wallet-journal");
  const [monthAgo, now] = [Date.now() - 30 * 86_400_000, Date.now()].map((moment) =>
    at(new Date(moment).toISOString()),
  );

  const sensible = await callsOf(path(monthAgo as string, now as string));
  const absurd = await callsOf(path(beginning, at(end)));
  const ahead = await callsOf(path(monthAgo as string, "3000-01-01"));

  expect(sensible).toBeGreaterThan(0);
  expect(Math.max(absurd, ahead)).toBeLessThanOrEqual(sensible + 1);
});
