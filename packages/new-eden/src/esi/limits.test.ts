import { afterEach, beforeEach, expect, test } from "vitest";
import { minuteMs } from "../clock.ts";
import { type NewEden, startNewEden } from "../index.ts";
import { Client, compatibilityDate, control } from "../test/client.ts";

let eden: NewEden;
let ceo: Client;
let director: Client;
let corporationId: number;

beforeEach(async () => {
  eden = await startNewEden({ corporations: [{ members: 12, assets: 10, journalPerDay: 0 }] });
  const [corporation] = eden.world.corporations;
  corporationId = corporation?.corporationId as number;
  ceo = await Client.login(eden.url, corporation?.ceo.characterId as number);
  director = await Client.login(eden.url, corporation?.directors[0]?.characterId as number);
});
afterEach(() => eden.close());

const remaining = (headers: Headers) => Number(headers.get("x-ratelimit-remaining"));

test("success costs two tokens, not modified one, a mistake five, an outage nothing", async () => {
  const nowhere = `/corporations/${corporationId}/nowhere`;
  const path = `/corporations/${corporationId}/members`;
  const ok = await ceo.get(path);
  const same = await ceo.get(path, { "if-none-match": ok.headers.get("etag") ?? "" });
  const wrong = await ceo.get(`/corporations/${corporationId + 1}/members`);
  eden.faults.add({ kind: "status", status: 502, times: 1 });
  const down = await ceo.get(path);
  const unknown = await ceo.get(nowhere);

  expect(ok.headers.get("x-ratelimit-group")).toBe("corp-member");
  expect(ok.headers.get("x-ratelimit-limit")).toBe("300/15m");
  expect([ok, same, wrong, down].map(({ headers }) => remaining(headers))).toEqual([298, 297, 292, 292]);
  expect([ok, same, wrong, down].map(({ headers }) => headers.get("x-ratelimit-used"))).toEqual(["2", "1", "5", "0"]);
  expect(unknown.status).toBe(404);
});

test("an empty bucket is a 429 with Retry-After; it fills again as the window moves on", async () => {
  const path = `/corporations/${corporationId}/members`;
  for (let call = 0; call < 60; call += 1) await ceo.get(`/corporations/${corporationId + 1}/members`);

  const refused = await ceo.get(path);
  const other = await director.get(path);
  const wait = Number(refused.headers.get("retry-after"));
  eden.clock.advance(wait * 1000);
  const later = await ceo.get(path);

  expect(refused.status).toBe(429);
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(900);
  // Another character has another bucket.
  expect(other.status).toBe(200);
  expect(later.status).toBe(200);
  await expect(control(eden.url, "GET", "/stats")).resolves.toMatchObject({ sent429: 1, sent420: 0 });
});

test("a hundred errors within a minute on routes without a bucket close every route until the next", async () => {
  eden.clock.advance(minuteMs - (eden.clock.now() % minuteMs));
  const headers = { "x-compatibility-date": compatibilityDate };
  const calls = Array.from({ length: 100 }, () => fetch(`${eden.url}/corporations/1`, { headers }));
  const errors = await Promise.all(calls);

  const closed = await ceo.get(`/corporations/${corporationId}/members`);
  const reset = Number(closed.headers.get("x-esi-error-limit-reset"));
  eden.clock.advance(reset * 1000);
  const open = await ceo.get(`/corporations/${corporationId}/members`);

  expect(errors.every(({ status }) => status === 404)).toBe(true);
  expect(Math.min(...errors.map((answer) => Number(answer.headers.get("x-esi-error-limit-remain"))))).toBe(0);
  expect(closed.status).toBe(420);
  expect(open.status).toBe(200);
});
