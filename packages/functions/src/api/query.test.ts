import { afterAll, beforeAll, expect, test } from "vitest";
import { startWorld, type World } from "../../../core/test/world.ts";
import { Browser, directorOf } from "../../test/browser.ts";
import { app } from "./index.ts";
import type { Document, Operation } from "./openapi.ts";

let world: World;
let director: Browser;
let corporationId: number;
let routes: { method: string; path: string; operation: Operation }[];

beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 25, assets: 20, journalPerDay: 1 }] });
  const [home] = (await world.truth()).corporations;
  corporationId = home?.corporationId as number;
  director = await directorOf(home?.ceo.characterId as number);
  const { body } = await director.get("/openapi.json");
  routes = Object.entries((body as Document).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
});
afterAll(() => world?.close());

const fill = (path: string): string =>
  path
    .replace("{corporationId}", String(corporationId))
    .replace("{characterId}", "1")
    .replace("{dataset}", path.startsWith("/characters") ? "wallet" : "members");

const ofQuery = ({ parameters }: Operation) => parameters.filter((parameter) => parameter.in === "query");
const isOfAdmin = (path: string) => path.startsWith("/admin");
const rowsPath = () => `/corporations/${corporationId}/datasets/assets/rows`;

test("every route refuses a parameter that it does not declare, by name, with the nearest that it knows", async () => {
  const open = routes.filter(({ path }) => !isOfAdmin(path));

  const answers = await Promise.all(
    open.map(async ({ method, path }) => {
      const { status, body } = await director.ask(method, `${fill(path)}?no_such_thing=1`);
      return [method, path, status, body?.error?.code, body?.error?.details?.parameter];
    }),
  );

  expect(open.length).toBeGreaterThan(20);
  expect(answers).toEqual(
    open.map(({ method, path }) => [method, path, 400, "request.unknown_parameter", "no_such_thing"]),
  );
});

test("every parameter that the description lists is known to its route, and one in another case is not", async () => {
  const known = routes
    .filter(({ path, method }) => method === "GET" && !isOfAdmin(path))
    .flatMap(({ path, operation }) => ofQuery(operation).map(({ name }) => ({ path, name })))
    .filter(({ name }) => name !== "filters");

  const answers = await Promise.all(
    known.map(async ({ path, name }) => {
      const [same, other] = await Promise.all([
        director.get(`${fill(path)}?${name}=x`),
        director.get(`${fill(path)}?${name.toUpperCase()}=x`),
      ]);
      const { code, details } = other.body.error;
      return [path, name, same.body?.error?.code === "request.unknown_parameter", code, details.nearest];
    }),
  );

  expect(known.length).toBeGreaterThan(30);
  expect(answers).toEqual(known.map(({ path, name }) => [path, name, false, "request.unknown_parameter", name]));
});

test("what lies outside the description refuses what it does not know as well", async () => {
  const paths = ["/health", "/livez", "/readyz", "/api/docs", "/api/v1/openapi.json"];

  const answers = await Promise.all(paths.map((path) => app.request(`${path}?verbose=1`)));

  expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 400));
});

test("to who is no administrator an unknown parameter does not show that the address exists", async () => {
  const answers = await Promise.all(
    routes.filter(({ path }) => isOfAdmin(path)).map(({ method, path }) => director.ask(method, `${path}?x=1`)),
  );

  expect(answers.length).toBeGreaterThan(3);
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
});

test.each([
  ["location_flag=CorpSAG1", "filter.location_flag"],
  ["Filter.type_id=34", "filter.type_id"],
  ["filter=34", expect.any(String)],
  ["limt=5", "limit"],
  ["LIMIT=5", "limit"],
  ["page=2", expect.any(String)],
  ["search[]=a", "search"],
  ["__proto__=1", expect.any(String)],
  ["constructor=1", expect.any(String)],
  ["filter.=1", expect.any(String)],
  ["filters=1", expect.any(String)],
  ["=1", expect.any(String)],
])("rows?%s is no question that is answered as if it had not been asked", async (query, meant) => {
  const { status, body } = await director.get(`${rowsPath()}?${query}`);

  expect([status, body.error.code]).toEqual([400, "request.unknown_parameter"]);
  expect(body.error.details.nearest).toEqual(meant);
  expect(body.error.message).toContain(body.error.details.nearest);
});

test.each([
  ["filter.Type_id=34", "type_id"],
  ["filter.type-id=34", "type_id"],
  ["filter.quantty=1", "quantity"],
  ["filter.__proto__=1", expect.any(String)],
  ["filter.toString=1", expect.any(String)],
  ["sort=-Quantity", "quantity"],
  ["sort=--quantity", "quantity"],
  ["absent=nam", expect.any(String)],
])("rows?%s names a column that there is not, and the nearest there is", async (query, nearest) => {
  const { status, body } = await director.get(`${rowsPath()}?${query}`);

  expect([status, body.error.code]).toEqual([400, "rows.unknown_column"]);
  expect(body.error.details.nearest).toEqual(nearest);
  expect(body.error.message).toContain(body.error.details.nearest);
});

test.each([
  "limit=5&limit=6",
  "search=a&search=a",
  "limit=",
  "search=",
  "sort=",
  "cursor=",
  "from=",
  "absent=",
  `cursor=${"A".repeat(5_000)}`,
  "from=2026-11-20&to=2026-11-19",
])("rows?%s is refused and not guessed at", async (query) => {
  const { status, body } = await director.get(`${rowsPath()}?${query}`);

  expect(status).toBe(400);
  expect(body.error.code).toMatch(/^(request\.invalid|rows\.bad_period)$/);
});

test("facets take no order, and add up amounts alone", async () => {
  const facets = (query: string) => director.get(`${rowsPath()}/facets?column=type_id&${query}`);

  expect(await facets("sort=type_id")).toMatchObject({
    status: 400,
    body: { error: { details: { parameter: "sort" } } },
  });
  expect(await facets("sum=location_flag")).toMatchObject({
    status: 400,
    body: { error: { code: "rows.not_a_number" } },
  });
  expect(await facets("sum=nothing")).toMatchObject({ status: 400, body: { error: { code: "rows.unknown_column" } } });
});

test.each([
  "",
  "state=",
  "state=&code=x",
  "state=x",
  "code=x",
  "state=x&code=",
  "state=x&state=y&code=z",
  "state=x&code=y&code=z",
  "state=x%00y&code=z",
  "state=x&code=y%0d%0az",
  "state=x&error=%07",
  "state=x&code=y&error_description=a%00b",
  `state=${"x".repeat(5_000)}&code=y`,
  `state=x&code=${"y".repeat(5_000)}`,
  "state=%C3%A9&code=y",
  "state=x&code=y&unknown=z",
])("auth/callback?%s is a bad request, and never our mistake", async (query) => {
  const { status, body } = await new Browser().get(`/auth/callback?${query}`);

  expect(status).toBe(400);
  expect(body.error.code).toMatch(/^request\.(invalid|unknown_parameter)$/);
});

test("a callback with all that an SSO may add is read as one without", async () => {
  const [home] = (await world.truth()).corporations;
  const browser = new Browser();
  const callback = await browser.choose(home?.member.characterId as number, "?returnTo=/characters");

  const more = new URLSearchParams({ iss: "https://login.eveonline.com", session_state: "a.b", scope: "publicData" });
  const back = await browser.get(`${callback}&${more}`);

  expect(back.headers.get("location")).toBe("/characters");
});

test("a member's declined login with a description in any language leads back to the page", async () => {
  const browser = new Browser();
  const [home] = (await world.truth()).corporations;
  const callback = new URL(await browser.choose(home?.member.characterId as number), "http://localhost");
  callback.searchParams.delete("code");
  callback.searchParams.set("error", "access_denied");
  callback.searchParams.set("error_description", "Der Benutzer hat abgelehnt: ünïcödé");

  const back = await browser.get(callback.pathname + callback.search);

  expect(back.headers.get("location")).toBe("/?error=session.login_declined");
});

test("the description says that version 1 is not frozen before 1.0", async () => {
  const { body } = await director.get("/openapi.json");

  expect(body.info.description).toMatch(/not frozen.*1\.0/);
});
