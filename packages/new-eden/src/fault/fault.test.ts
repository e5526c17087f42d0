import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { hourMs } from "../clock.ts";
import { type NewEden, startNewEden } from "../index.ts";
import { basic, Client, control, token } from "../test/client.ts";
import { objections } from "../test/spec-check.ts";
import type { FaultInput } from "./index.ts";

let eden: NewEden;
let ceo: Client;
let corporationId: number;

interface Asset {
  item_id: number;
}

beforeAll(async () => {
  eden = await startNewEden({ corporations: [{ members: 12, assets: 2300, journalPerDay: 200 }] });
  corporationId = eden.world.corporations[0]?.corporationId as number;
});
afterAll(() => eden.close());
beforeEach(async () => {
  // Every test begins with expired answers, full buckets and nothing read.
  eden.clock.advance(2 * hourMs);
  await control(eden.url, "DELETE", "/stats");
  ceo = await Client.login(eden.url, eden.world.corporations[0]?.ceo.characterId as number);
});
afterEach(() => eden.faults.clear());

const operationId = "GetCorporationsCorporationIdAssets";
const breaks = (fault: FaultInput) => control<{ id: string }>(eden.url, "POST", "/faults", fault);
const page = (number: number, headers = {}) =>
  ceo.get<Asset[]>(`/corporations/${corporationId}/assets?page=${number}`, headers);
const early = async () => (await control<{ earlyFetches: number }>(eden.url, "GET", "/stats")).earlyFetches;
const idsOf = (pages: { body: Asset[] }[]) => pages.flatMap(({ body }) => body.map(({ item_id }) => item_id));

test("a fault strikes as often as it is told to, and only where it matches", async () => {
  await breaks({ operationId, kind: "status", status: 503, times: 2 });

  const statuses = [
    (await ceo.get(`/corporations/${corporationId}/members`)).status,
    (await page(1)).status,
    (await page(1)).status,
    (await page(1)).status,
  ];

  expect(statuses).toEqual([200, 503, 503, 200]);
});

test("a fault can be meant for one character, one corporation or a pattern, and be taken back", async () => {
  const { id } = await breaks({ characterId: 1, kind: "status" });
  await breaks({ corporationId: 1, kind: "status" });
  await breaks({ pathRegex: "/membertracking$", kind: "status", status: 520 });

  const untouched = await page(1);
  const matched = await ceo.get(`/corporations/${corporationId}/membertracking`);
  await control(eden.url, "DELETE", `/faults/${id}`);

  expect([untouched.status, matched.status]).toEqual([200, 520]);
  expect(eden.faults.list()).toHaveLength(2);
});

test("latency delays the answer and leaves it whole", async () => {
  await breaks({ operationId, kind: "latency", latencyMs: 120 });
  const startedMs = performance.now();

  const { status, body } = await page(1);

  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(119);
  expect([status, body.length]).toEqual([200, 1000]);
});

test("injected 429 and 420 carry their headers, or none, and are not held against the client", async () => {
  await breaks({ operationId, kind: "rate_limited", retryAfterSeconds: 7, times: 1 });
  const limited = await page(1);
  await breaks({ operationId, kind: "rate_limited", headers: false, times: 1 });
  const bare = await page(1);
  await breaks({ operationId, kind: "error_limited", retryAfterSeconds: 9, times: 1 });
  const errorLimited = await page(1);

  expect([limited.status, bare.status, errorLimited.status]).toEqual([429, 429, 420]);
  expect(limited.headers.get("retry-after")).toBe("7");
  expect(bare.headers.get("retry-after")).toBeNull();
  expect(bare.headers.get("x-ratelimit-remaining")).toBeNull();
  expect(errorLimited.headers.get("x-esi-error-limit-reset")).toBe("9");
  await expect(control(eden.url, "GET", "/stats")).resolves.toMatchObject({ sent429: 0, sent420: 0 });
});

test("a timeout never answers", async () => {
  await breaks({ operationId, kind: "timeout", times: 1 });

  const attempt = fetch(`${eden.url}/corporations/${corporationId}/assets`, { signal: AbortSignal.timeout(150) });

  await expect(attempt).rejects.toThrow("timeout");
});

test("reset and truncated connections fail on the way, and a retry is no early fetch", async () => {
  await breaks({ operationId, kind: "reset", times: 1 });
  const reset = await page(1).catch((error: Error) => error);
  await breaks({ operationId, kind: "truncated", times: 1 });
  const truncated = await page(1).catch((error: Error) => error);

  const retried = await page(1);

  expect(reset).toBeInstanceOf(TypeError);
  expect(truncated).toBeInstanceOf(TypeError);
  expect(retried.status).toBe(200);
  expect(await early()).toBe(0);
});

test("malformed JSON arrives as a whole message that does not parse", async () => {
  await breaks({ operationId, kind: "malformed", times: 1 });

  const attempt = page(1);

  await expect(attempt).rejects.toThrow(SyntaxError);
});

test("a bad row breaks the schema, alone", async () => {
  const { body: good } = await page(2);
  await breaks({ operationId, kind: "bad_row", times: 1 });

  const { body, status } = await page(2);

  expect(status).toBe(200);
  expect(body.filter((row, index) => JSON.stringify(row) !== JSON.stringify(good[index]))).toHaveLength(1);
  expect(objections(operationId, 200, body).length).toBeGreaterThan(0);
});

test("a page shift in mid-fetch tears the set; reading it again is fair and gives it whole", async () => {
  const first = await page(1);
  await breaks({ operationId, kind: "page_shift", times: 1 });
  const torn = [first, await page(2), await page(3)];

  const again = [await page(1), await page(2), await page(3)];
  const fair = await early();
  await page(2);

  const stamps = (pages: { headers: Headers }[]) => new Set(pages.map(({ headers }) => headers.get("last-modified")));
  expect(stamps(torn).size).toBe(2);
  expect(new Set(idsOf(torn)).size).toBe(idsOf(torn).length - 1);
  expect(stamps(again).size).toBe(1);
  expect(new Set(idsOf(again)).size).toBe(idsOf(again).length);
  expect([fair, await early()]).toEqual([0, 1]);
});

test("a page may claim another page count", async () => {
  await breaks({ operationId, kind: "page_count", times: 1 });

  const counts = [await page(1), await page(2), await page(3)].map(({ headers }) => headers.get("x-pages"));

  expect(counts).toEqual(["3", "4", "3"]);
});

test("looking for the page that a wrong count promises, and reading all again after its 404, is fair", async () => {
  await breaks({ operationId, kind: "page_count", times: 1 });
  const first = [await page(1), await page(2), await page(3)];

  const again = [await page(1), await page(2), await page(3), await page(4)];
  const last = await page(1);
  const fair = await early();
  await page(1);

  expect([...first, ...again, last].map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200, 404, 200]);
  expect([fair, await early()]).toEqual([0, 1]);
});

test("an id may stand on two pages", async () => {
  await breaks({ operationId, pathRegex: "assets", kind: "duplicate_ids", times: 2 });

  const pages = [await page(2), await page(1)];

  expect(idsOf(pages).length).toBe(2002);
  expect(new Set(idsOf(pages)).size).toBe(2000);
});

test("an empty 200 has an ETag of its own", async () => {
  const full = await page(1);
  await breaks({ operationId, kind: "empty", times: 1 });

  const empty = await page(1, { "if-none-match": full.headers.get("etag") ?? "" });

  expect([empty.status, empty.body, empty.headers.get("x-pages")]).toEqual([200, [], "1"]);
  expect(empty.headers.get("etag")).not.toBe(full.headers.get("etag"));
});

test("some pages are not modified while others come in full", async () => {
  const etags = [await page(1), await page(2), await page(3)].map(({ headers }) => headers.get("etag") ?? "");
  await breaks({ operationId, kind: "partial_304" });

  const statuses = await Promise.all(
    etags.map(async (etag, index) => (await page(index + 1, { "if-none-match": etag })).status),
  );

  expect(statuses).toEqual([200, 304, 200]);
});

test("a cursor may lead in circles", async () => {
  const path = `/corporations/${corporationId}/wallets/1/transactions`;
  const { body: all } = await ceo.get<{ transaction_id: number }[]>(path);
  await breaks({ kind: "cursor_loop" });

  const { body: next } = await ceo.get(`${path}?from_id=${all.at(-1)?.transaction_id}`);

  expect(next).toEqual(all);
});

test("ESI's clock may be wrong by minutes", async () => {
  await breaks({ operationId, kind: "clock_skew", skewSeconds: -300 });

  const { headers } = await page(1);

  const behindMs = eden.clock.now() - Date.parse(headers.get("date") ?? "");
  expect(behindMs).toBeGreaterThanOrEqual(299_000);
  expect(behindMs).toBeLessThan(330_000);
});

test("downtime is a 503 until it ends", async () => {
  await control(eden.url, "POST", "/downtime", { durationSeconds: 300 });

  const during = await page(1);
  eden.clock.advance(301_000);
  const after = await page(1);

  expect([during.status, after.status]).toEqual([503, 200]);
});

test("the login server fails too, when it is named", async () => {
  await breaks({ operationId: "SsoToken", kind: "status", status: 503, times: 1 });
  const form = { grant_type: "refresh_token", refresh_token: ceo.tokens.refresh_token };

  const failed = await token(eden.url, form);
  const retried = await token(eden.url, form);

  expect([failed.status, retried.status]).toEqual([503, 200]);
});

test("the login server refuses for good, leads elsewhere, and grants with other fields", async () => {
  const operationId = "SsoToken";
  const post = async (fault: FaultInput) => {
    await breaks({ operationId, times: 1, ...fault });
    return fetch(`${eden.url}/v2/oauth/token`, {
      method: "POST",
      redirect: "manual",
      headers: { authorization: basic },
      body: new URLSearchParams({ grant_type: "refresh_token", refresh_token: ceo.tokens.refresh_token }),
    });
  };

  const refused = await post({ kind: "status", status: 400, error: "invalid_grant" });
  const moved = await post({ kind: "redirect", redirectStatus: 307, location: "http://127.0.0.1:1{path}" });
  const vague = await post({ kind: "field", field: { name: "expires_in", value: "soon" } });
  const lacking = await post({ kind: "field", field: { name: "expires_in" } });
  const whole = await post({ kind: "latency", latencyMs: 0 });

  expect([refused.status, await refused.json()]).toEqual([400, expect.objectContaining({ error: "invalid_grant" })]);
  expect([moved.status, moved.headers.get("location")]).toEqual([307, "http://127.0.0.1:1/v2/oauth/token"]);
  expect(await vague.json()).toMatchObject({ access_token: expect.any(String), expires_in: "soon" });
  expect(await lacking.json()).not.toHaveProperty("expires_in");
  expect(await whole.json()).toMatchObject({ expires_in: 1199 });
});

test("a fault that makes no sense is refused with the reason", async () => {
  const attempt = breaks({ kind: "earthquake" } as unknown as FaultInput);

  await expect(attempt).rejects.toThrow("400");
});

const raw = () =>
  fetch(`${eden.url}/corporations/${corporationId}`, {
    headers: { "user-agent": "test", "x-compatibility-date": "2026-08-18" },
    redirect: "manual",
  });

test("a body can be another one, in another encoding, under other headers, or elsewhere", async () => {
  const operationId = "GetCorporationsCorporationId";
  const whole = await (await raw()).json();
  const once = async (fault: FaultInput) => {
    await breaks({ operationId, times: 1, ...fault });
    return raw();
  };

  const error = await once({ kind: "wrong_body", body: "error" });
  const nothing = await once({ kind: "wrong_body", body: "no_content" });
  const twice = await once({ kind: "encoding", encoding: "gzip, br" });
  const moved = await once({ kind: "redirect", location: "http://127.0.0.1:1{path}" });
  const headless = await once({ kind: "header", header: { name: "etag", value: null } });
  const nulls = await once({ kind: "null_fields" });

  expect(await error.json()).toEqual({ error: "Timeout contacting tranquility" });
  expect(nothing.status).toBe(204);
  expect(await twice.json()).toEqual(whole);
  expect([moved.status, moved.headers.get("location")]).toEqual([
    301,
    `http://127.0.0.1:1/corporations/${corporationId}`,
  ]);
  expect(headless.headers.get("etag")).toBeNull();
  expect(await nulls.json()).toMatchObject({ name: (whole as { name: string }).name, url: null });
});
