import { Validator } from "@seriousme/openapi-schema-validator";
import * as Config from "@tapi/core/platform/config";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startWorld, type World } from "../../../core/test/world.ts";
import { Browser } from "../../test/browser.ts";
import { app, handler } from "./index.ts";

let world: World;
let pilots: number[];

beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 25, assets: 20, journalPerDay: 1 }] });
  const [home] = (await world.truth()).corporations;
  pilots = (await world.rows(home?.corporationId as number, "members")) as unknown as number[];
});
afterAll(() => world?.close());

async function loggedIn(): Promise<Browser> {
  const browser = new Browser();
  await browser.logIn(pilots.shift() as number);
  return browser;
}

test("the OpenAPI document is valid OpenAPI 3.1", async () => {
  const { status, body } = await new Browser().get("/openapi.json");

  const { valid, errors } = await new Validator().validate(body);

  expect(status).toBe(200);
  expect(body.openapi).toBe("3.1.0");
  expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
});

test("every route is in the OpenAPI document, with what it takes from its path", async () => {
  const { body } = await new Browser().get("/openapi.json");
  const served = new Set(
    app.routes
      .filter(({ method, path }) => method !== "ALL" && path.startsWith("/api/v1/") && !path.endsWith("/openapi.json"))
      .map(({ method, path }) => `${method} ${path.slice("/api/v1".length).replaceAll(/:(\w+)/g, "{$1}")}`),
  );

  const described = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, { parameters: { in: string; name: string }[] }>).map(([method, each]) => {
      const inPath = each.parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name);
      expect(inPath.sort(), path).toEqual([...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort());
      return `${method.toUpperCase()} ${path}`;
    }),
  );

  expect(described.sort()).toEqual([...served].sort());
});

test("each description has a summary, an id of its own and what its success holds", async () => {
  const { body } = await new Browser().get("/openapi.json");
  const operations = Object.values(body.paths as Record<string, object>).flatMap((methods) => Object.values(methods));

  const ids = operations.map(({ operationId }) => operationId);

  expect(new Set(ids).size).toBe(ids.length);
  for (const { operationId, summary, responses } of operations) {
    const [success] = Object.entries(responses as Record<string, { content?: object }>);
    expect(summary, operationId).toMatch(/^[A-Z]/);
    expect(success?.[0], operationId).toMatch(/^(200|201|202|204|302)$/);
    if (success?.[0]?.startsWith("20") && success[0] !== "204") expect(success[1].content, operationId).toBeDefined();
  }
});

test("the documentation is a page without any script that names every route", async () => {
  const { body, headers } = await new Browser().get("/api/docs");
  const { body: document } = await new Browser().get("/openapi.json");

  expect(headers.get("content-type")).toMatch(/^text\/html/);
  expect(body).not.toMatch(/<script/i);
  for (const path of Object.keys(document.paths)) expect(body).toContain(`<code>${path}</code>`);
});

test("every answer has a request id, and a failure names it in its envelope", async () => {
  const browser = new Browser();

  const missing = await browser.get("/nowhere");
  const refused = await browser.get("/corporations");
  const given = await browser.get("/session", { headers: { "x-request-id": "from-the-caller" } });

  expect(missing).toMatchObject({ status: 404, body: { error: { code: "request.no_such_route" } } });
  expect(refused).toMatchObject({ status: 401, body: { error: { code: "session.required" } } });
  expect(refused.body.error.requestId).toBe(refused.headers.get("x-request-id"));
  expect(given.headers.get("x-request-id")).toMatch(/^[\da-f-]{36}$/);
});

test.each([
  ["another site's page", "https://evil.example"],
  ["a page that hides where it comes from", "null"],
  ["no page at all", undefined],
])("a write from %s is refused, whoever is logged in", async (_, origin) => {
  const browser = await loggedIn();

  const answer = await app.request("/api/v1/auth/logout", {
    method: "POST",
    headers: { cookie: `tapi=${browser.cookies.get("tapi")}`, ...(origin ? { origin } : {}) },
  });

  expect(answer.status).toBe(403);
  expect(await answer.json()).toMatchObject({ error: { code: "request.wrong_origin" } });
  expect((await browser.get("/session")).body.data.user).not.toBeNull();
});

test("a body that is no JSON, of the wrong shape or too large is refused with the reason", async () => {
  const browser = await loggedIn();
  const send = (body: string, type = "application/json") =>
    browser.ask("POST", "/corporations", { body, headers: { "content-type": type } });

  const broken = await send("{");
  const shapeless = await send(JSON.stringify({ characterId: "me" }));
  const form = await send("characterId=1", "application/x-www-form-urlencoded");
  const huge = await send(JSON.stringify({ characterId: 1, padding: "x".repeat(100_000) }));

  expect(broken).toMatchObject({ status: 400, body: { error: { code: "request.invalid" } } });
  expect(shapeless).toMatchObject({ status: 400, body: { error: { details: [{ path: "characterId" }] } } });
  expect(form.status).toBe(400);
  expect(huge).toMatchObject({ status: 413, body: { error: { code: "request.too_large" } } });
});

test("an unchanged answer costs its reader no bytes, and stays with the reader's own browser", async () => {
  const browser = await loggedIn();
  const first = await browser.get("/characters");
  const etag = first.headers.get("etag") as string;

  const again = await browser.get("/characters", { headers: { "if-none-match": etag } });
  const other = await (await loggedIn()).get("/characters", { headers: { "if-none-match": etag } });

  expect(first.headers.get("cache-control")).toBe("no-store");
  expect(first.headers.get("vary")).toBe("Cookie");
  expect(again).toMatchObject({ status: 304, body: undefined });
  expect(again.headers.get("cache-control")).toBe("no-store");
  expect(other.status).toBe(200);
});

test("what is no successful read is kept by nobody", async () => {
  const browser = await loggedIn();

  const answers = await Promise.all([
    browser.get("/auth/login"),
    browser.get("/corporations/1"),
    browser.post("/auth/logout"),
  ]);

  expect(answers.map(({ headers }) => headers.get("cache-control"))).toEqual(["no-store", "no-store", "no-store"]);
  expect(answers.map(({ headers }) => headers.get("etag"))).toEqual([null, null, null]);
});

test("a user learns how many requests it has left, and one that runs wild is told when to come back", async () => {
  const browser = await loggedIn();
  const first = await browser.get("/session");
  // Twice the quota at the most: a window that ends meanwhile takes only a part of what was counted along.
  const refused: Awaited<ReturnType<typeof browser.get>>[] = [];
  for (let round = 0; round < 24 && refused.length === 0; round += 1) {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => browser.get("/datasets", { headers: { "if-none-match": "*" } })),
    );
    refused.push(...answers.filter(({ status }) => status === 429));
  }

  expect(first.headers.get("ratelimit-policy")).toBe('"user";q=600;w=60');
  expect(first.headers.get("ratelimit")).toMatch(/^"user";r=599;t=\d+$/);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]?.body.error.code).toBe("limit.exceeded");
  expect(Number(refused[0]?.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await (await loggedIn()).get("/session")).status).toBe(200);
});

test("health says whether the parts answer, and readiness fails with them", async () => {
  const well = await app.request("/health");
  const ready = await app.request("/readyz");
  const alive = await app.request("/livez");
  const endpoint = process.env.DYNAMODB_ENDPOINT;
  process.env.DYNAMODB_ENDPOINT = "http://127.0.0.1:9";
  Config.reset();
  const unready = await app.request("/readyz");
  process.env.DYNAMODB_ENDPOINT = endpoint;
  Config.reset();

  expect(await well.json()).toMatchObject({ data: { status: "ok", parts: [{ name: "table" }, { name: "queues" }] } });
  expect([ready.status, alive.status, unready.status]).toEqual([200, 200, 503]);
  for (const { headers } of [well, ready, alive, unready]) expect(headers.get("cache-control")).toBe("no-store");
});

test("the Lambda handler answers API Gateway's events: cookies in their own field, no body twice encoded", async () => {
  const answer = await handler(
    {
      version: "2.0",
      routeKey: "$default",
      rawPath: "/api/v1/auth/login",
      rawQueryString: "purpose=login",
      headers: { host: "localhost" },
      requestContext: { http: { method: "GET", path: "/api/v1/auth/login" }, domainName: "localhost" },
      isBase64Encoded: false,
    } as unknown as Parameters<typeof handler>[0],
    {} as Parameters<typeof handler>[1],
  );

  expect(answer).toMatchObject({
    statusCode: 302,
    isBase64Encoded: false,
    headers: { location: expect.stringContaining("/v2/oauth/authorize?") },
    cookies: [expect.stringMatching(/^tapi-login-/)],
  });
});
