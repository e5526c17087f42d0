import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startWorld, type World } from "../../../core/test/world.ts";
import { type Browser, directorOf } from "../../test/browser.ts";
import { handler } from "./index.ts";

type Row = Record<string, unknown>;

let world: World;
let director: Browser;
let corporationId: number;

beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 60, assets: 1_200, journalPerDay: 40 }] });
  const [home] = (await world.truth()).corporations;
  if (!home) throw new Error("the world has no corporation");
  corporationId = home.corporationId;
  director = await directorOf(home.ceo.characterId);
  for (const dataset of ["divisions", "members", "member-tracking", "wallets", "wallet-journal", "assets"]) {
    await world.refresh(corporationId, dataset);
  }
});
afterAll(() => world?.close());

type Query = Record<string, string | number | string[]>;

const printed = (query: Query) =>
  new URLSearchParams(
    Object.entries(query).flatMap(([name, values]) => [values].flat().map((value) => [name, String(value)])),
  );

const ask = (dataset: string, query: Query = {}, kind = "rows") =>
  director.get(`/corporations/${corporationId}/datasets/${dataset}/${kind}?${printed(query)}`);

async function all(dataset: string, query: Query = {}): Promise<Row[]> {
  const rows: Row[] = [];
  for (let cursor: string | undefined = ""; cursor !== undefined; ) {
    const { body } = await ask(dataset, { limit: 500, ...query, ...(cursor ? { cursor } : {}) });
    rows.push(...body.data);
    cursor = body.meta.nextCursor;
  }
  return rows;
}

async function csv(dataset: string, query: Record<string, string> = {}): Promise<string[]> {
  const response = await director.fetch(
    "GET",
    `/corporations/${corporationId}/datasets/${dataset}/rows.csv?${new URLSearchParams(query)}`,
    { headers: { accept: "text/csv; profile=raw", "accept-encoding": "gzip" } },
  );
  expect(response.headers.get("content-encoding")).toBe("gzip");
  const text = gunzipSync(Buffer.from(await response.arrayBuffer())).toString();
  return text.split("\r\n");
}

const ids = (rows: Row[], column = "item_id") => rows.map((row) => row[column]).sort();

test("all pages together are the whole dataset, each row once, and the last page has no cursor", async () => {
  const truth = await world.rows(corporationId, "assets");

  const rows = await all("assets", { limit: 250 });

  expect(rows).toHaveLength(truth.length);
  expect(ids(rows)).toEqual(ids(truth));
});

test("a page says how many rows there are, how many pass, and of which version they are", async () => {
  const { status, body } = await ask("assets", { limit: 7, search: "cargo" });

  const truth = await world.rows(corporationId, "assets");
  expect(status).toBe(200);
  expect(body.data.length).toBeLessThanOrEqual(7);
  expect(body.meta).toMatchObject({ total: truth.length, version: expect.any(Number) });
  expect(body.meta.matched).toBeLessThanOrEqual(truth.length);
});

test("ids carry their names, from the static data and from the corporation itself", async () => {
  const [asset] = (await ask("assets", { limit: 1 })).body.data;
  const [tracked] = (await ask("member-tracking", { limit: 1 })).body.data;
  const members = (await ask("members", { limit: 500 })).body.data as Row[];

  expect(asset.type_id_name).toEqual(expect.any(String));
  expect(tracked.character_id_name).toBe(
    members.find(({ character_id }) => character_id === tracked.character_id)?.name,
  );
});

test("a filter takes ids and names alike, several at once", async () => {
  const truth = await world.rows(corporationId, "assets");
  const [first, second] = (await ask("assets", { column: "type_id" }, "rows/facets")).body.data;

  const byId = await all("assets", { "filter.type_id": first.value });
  const byNames = await all("assets", { "filter.type_id": [first.name.toUpperCase(), second.name] });

  const truly = (...types: unknown[]) => ids(truth.filter(({ type_id }) => types.includes(type_id)));
  expect(ids(byId)).toEqual(truly(first.value));
  expect(ids(byNames)).toEqual(truly(first.value, second.value));
});

test("facets count what passes the other filters, most frequent first, and add up a column", async () => {
  const truth = await world.rows(corporationId, "assets");
  const [flag] = (await ask("assets", { column: "location_flag" }, "rows/facets")).body.data;

  const facets = (
    await ask(
      "assets",
      { column: "type_id", sum: "quantity", "filter.location_flag": flag.value, "filter.type_id": 34 },
      "rows/facets",
    )
  ).body.data;

  const inFlag = truth.filter(({ location_flag }) => location_flag === flag.value);
  const total = (pick: (facet: { count: number; sum: number }) => number) =>
    facets.reduce((sum: number, facet: { count: number; sum: number }) => sum + pick(facet), 0);
  expect(total(({ count }) => count)).toBe(inFlag.length);
  expect(total(({ sum }) => sum)).toBe(inFlag.reduce((sum, row) => sum + Number(row.quantity), 0));
  expect(facets[0].count).toBe(Math.max(...facets.map(({ count }: { count: number }) => count)));
});

test("rows are sorted by what a person reads, either way, with empty cells last in both", async () => {
  const up = await all("member-tracking", { sort: "location_id" });
  const down = await all("member-tracking", { sort: "-logon_date" });

  const names = up.flatMap(({ location_id_name }) => (location_id_name ? [String(location_id_name)] : []));
  expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b, "en", { numeric: true })));
  const dates = down.map(({ logon_date }) => logon_date ?? "");
  expect(dates).toEqual([...dates].sort().reverse());
});

test("a search looks into every text that a person sees", async () => {
  const members = (await world.rows(corporationId, "members")) as unknown as number[];
  const [someone] = (await ask("members", { limit: 1 })).body.data;

  const found = await all("member-tracking", { search: someone.name.toUpperCase() });
  const nothing = await ask("members", { search: "no such pilot" });

  expect(found.map(({ character_id }) => character_id)).toContain(someone.character_id);
  expect(found.length).toBeLessThan(members.length);
  expect(nothing.body).toMatchObject({ data: [], meta: { matched: 0, total: members.length } });
});

test("a period takes its days whole, in either form, and one without rows is empty", async () => {
  const truth = await world.rows(corporationId, "wallet-journal");
  const day = String(truth[Math.floor(truth.length / 2)]?.date).slice(0, 10);
  const ofDay = ids(
    truth.filter(({ date }) => String(date).startsWith(day)),
    "id",
  );

  const byDay = await all("wallet-journal", { from: day, to: day });
  const byMoment = await all("wallet-journal", { from: `${day}T02:00:00+02:00`, to: `${day}T23:59:59Z` });
  const before = await ask("wallet-journal", { from: "2003-05-06", to: "2003-05-07" });

  expect(ofDay.length).toBeGreaterThan(0);
  expect(ids(byDay, "id")).toEqual(ofDay);
  expect(ids(byMoment, "id")).toEqual(ofDay);
  expect(before.body).toMatchObject({ data: [], meta: { matched: 0 } });
});

test("a ledger shows its last thirty days unless asked for more, and all of time is no error", async () => {
  const truth = await world.rows(corporationId, "wallet-journal");

  const recent = await all("wallet-journal");
  const everything = await all("wallet-journal", { from: "0001-01-01", to: "9999-12-31" });

  const since = new Date(Date.now() - 30 * 86_400_000).toISOString();
  expect(recent.every(({ date }) => String(date) >= since.slice(0, 19))).toBe(true);
  expect(ids(everything, "id")).toEqual(ids(truth, "id"));
});

test.each([
  [{ "filter.nonsense": "1" }, "rows.unknown_column"],
  [{ "filter.toString": "1" }, "rows.unknown_column"],
  [{ sort: "-nonsense" }, "rows.unknown_column"],
  [{ sort: "constructor" }, "rows.unknown_column"],
  [{ cursor: "nonsense" }, "rows.bad_cursor"],
  [{ cursor: Buffer.from('{"offset":-1}').toString("base64url") }, "rows.bad_cursor"],
  [{ from: "yesterday" }, "request.invalid"],
  [{ to: "2026-02-30" }, "request.invalid"],
  [{ limit: "501" }, "request.invalid"],
  [{ search: "x".repeat(101) }, "request.invalid"],
])("%o is refused as %s", async (query, code) => {
  const { status, body } = await ask("assets", query as Record<string, string>);

  expect([status, body.error.code]).toEqual([400, code]);
});

test("an unknown column names those there are; an unknown dataset is not found", async () => {
  const column = await ask("members", { column: "nonsense" }, "rows/facets");
  const dataset = await ask("nonsense");
  const long = await ask("members", { "filter.name": "x".repeat(2_000) });

  expect(column.body.error.details.columns).toEqual(expect.arrayContaining(["character_id", "name"]));
  expect(dataset).toMatchObject({ status: 404, body: { error: { code: "dataset.not_found" } } });
  expect(long.body.meta.matched).toBe(0);
});

test("a dataset that was never fetched is an empty table, not an error", async () => {
  const { status, body } = await ask("blueprints");

  expect([status, body.data, body.meta.total]).toEqual([200, [], 0]);
});

test("CSV for machines holds every row that passes, with its names, under the columns' keys", async () => {
  const rows = await all("assets", { sort: "item_id" });

  const [header, ...lines] = await csv("assets", { sort: "item_id" });

  const columns = header?.split(",") ?? [];
  const at = (column: string) => columns.indexOf(column);
  expect(columns).toEqual(expect.arrayContaining(["item_id", "type_id", "type_id_name", "quantity"]));
  expect(lines.pop()).toBe("");
  expect(lines.map((line) => Number(line.split(",")[at("item_id")]))).toEqual(rows.map(({ item_id }) => item_id));
});

test("CSV leaves through Lambda as gzip in base64, whole", async () => {
  const path = `/api/v1/corporations/${corporationId}/datasets/members/rows.csv`;
  const answer = (await handler(
    {
      version: "2.0",
      routeKey: "$default",
      rawPath: path,
      rawQueryString: "",
      cookies: [`tapi=${director.cookies.get("tapi")}`],
      headers: { host: "localhost", "accept-encoding": "gzip, br" },
      requestContext: { http: { method: "GET", path }, domainName: "localhost" },
      isBase64Encoded: false,
    } as unknown as Parameters<typeof handler>[0],
    {} as Parameters<typeof handler>[1],
  )) as { statusCode: number; headers: Record<string, string>; body: string; isBase64Encoded: boolean };

  const lines = gunzipSync(Buffer.from(answer.body, "base64")).toString().trim().split("\r\n");

  expect(answer).toMatchObject({ statusCode: 200, isBase64Encoded: true, headers: { "content-encoding": "gzip" } });
  expect(answer.headers["content-disposition"]).toBe(`attachment; filename="members-${corporationId}.csv"`);
  expect(lines).toHaveLength(61);
});

test("the catalogue names every dataset with columns that its rows have", async () => {
  const { body } = await director.get("/datasets");
  const names = body.data.map(({ name }: { name: string }) => name);

  expect(names).toEqual(expect.arrayContaining(["members", "wallets", "wallet-journal", "assets"]));
  for (const { columns, defaultSort } of body.data) {
    expect(columns.map(({ key }: { key: string }) => key)).toContain(defaultSort.replace(/^-/, ""));
  }
});
