import { afterAll, beforeAll, expect, test } from "vitest";
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
  const then = await director.get(`${base()}/datasets/members/as-of?limit=1&at=${at(before)}`);
  const changes = await director.get(`${base()}/datasets/members/changes?from=${at(before)}`);

  expect(then.status).toBe(200);
  expect(now.body.meta.total).toBe(then.body.meta.total + 2);
  expect(changes).toMatchObject({ status: 200, body: { meta: { added: 2, removed: 0, changed: 0 } } });
  expect(changes.body.data).toHaveLength(2);
});

test("the choices of a filter as of a moment are made of that moment's rows", async () => {
  const rows = (await director.get(`${base()}/datasets/members/as-of?limit=500&at=${at(before)}`)).body.data;
  const facets = (moment = "") => director.get(`${base()}/datasets/members/rows/facets?column=name${moment}`);

  const then = (await facets(`&at=${at(before)}`)).body.data;
  const now = (await facets()).body.data;

  const names = (found: { value: string }[]) => found.map(({ value }) => value).sort();
  expect(names(then)).toEqual(rows.map(({ name }: { name: string }) => name).sort());
  expect(now).toHaveLength(then.length + 2);
});

test.each([
  ["history.csv", () => `${base()}/history.csv`, /^Time,Dataset,Kind,Change,What happened\r\n/, "history-"],
  ["as-of.csv", () => `${base()}/datasets/members/as-of.csv?at=${at(before)}`, /^Character,/, "members-as-of-"],
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
  ["/datasets/members/as-of", "request.invalid"],
  ["/datasets/members/as-of.csv?at=then", "request.invalid"],
  ["/datasets/members/rows/facets?column=name&at=then", "request.invalid"],
  ["/datasets/members/changes", "request.invalid"],
  ["/datasets/members/changes?from=2026-01-02&to=2026-01-01", "history.bad_period"],
])("%s is a bad request", async (path, code) => {
  expect(await director.get(base() + path)).toMatchObject({ status: 400, body: { error: { code } } });
});

const paths = [
  "/history",
  "/history.csv",
  "/datasets/members/as-of?at=2026-11-20",
  "/datasets/members/as-of.csv?at=2026-11-20",
  "/datasets/members/changes?from=2026-11-20",
  "/datasets/members/changes.csv?from=2026-11-20",
];

test.each(paths)("%s is for those who may see the corporation", async (path) => {
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
