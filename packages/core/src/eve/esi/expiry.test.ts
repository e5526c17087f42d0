import { randomInt } from "node:crypto";
import { expect, test, vi } from "vitest";
import * as Esi from "./index.ts";
import { caught, setUpScriptedEsi } from "./scripted-esi.fixture.ts";

const serve = setUpScriptedEsi();

const director = () => ({ accessToken: "eyJhbGciOi.c2VjcmV0.c2ln", characterId: randomInt(90_000_000, 98_000_000) });
const members = { path: { corporation_id: 98_000_001 } };
const past = { date: "Sat, 01 Feb 2020 10:00:00 GMT", expires: "Thu, 01 Jan 1970 00:00:00 GMT" };

test.each<[string, Record<string, string>, number]>([
  [
    "max-age, before anything else",
    { "cache-control": "public, max-age=300", expires: "Thu, 01 Jan 1970 00:00:00 GMT" },
    301,
  ],
  ["max-age less the age that it already has", { "cache-control": "max-age=300", age: "100" }, 201],
  [
    "Expires, counted on ESI's own clock, which may be days off",
    { date: "Sat, 01 Feb 2020 10:00:00 GMT", expires: "Sat, 01 Feb 2020 10:10:00 GMT" },
    601,
  ],
  ["the spec's figure, when the headers say nothing", {}, 3600],
  ["the spec's figure, when they say nothing sensible", { "cache-control": "max-age=soon", expires: "tomorrow" }, 3600],
  ["max-age in any letter case", { "cache-control": "Public, Max-Age=300" }, 301],
  ["a minute, when it has expired already", past, 60],
  ["a minute, when Expires is no date, as servers write it that want no cache", { expires: "0" }, 60],
  ["a second, when it is about to", { "cache-control": "max-age=0" }, 1],
  ["two days, when Expires is far off", { expires: "Fri, 31 Dec 9999 23:59:59 GMT" }, 48 * 3600 + 1],
  ["two days, when max-age has no end", { "cache-control": `max-age=${"9".repeat(400)}` }, 48 * 3600 + 1],
])("an answer expires by %s", async (_, headers, seconds) => {
  await serve(() => ({ headers, body: [] }));
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });

  const answer = await Esi.request("GetCorporationsCorporationIdMembers", { ...members, ...director() });

  expect(answer.expiresAt - Date.now()).toBe(seconds * 1000);
});

test("a daily route expires at 11:05 UTC", async () => {
  await serve(() => ({ body: { type_id: 34 } }));
  const typeAt = async (now: string) => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse(now) });
    const { expiresAt } = await Esi.request("GetUniverseTypesTypeId", { path: { type_id: 34 } });
    return new Date(expiresAt).toISOString();
  };

  const before = await typeAt("2026-09-01T11:04:00Z");
  const after = await typeAt("2026-09-01T11:06:00Z");

  expect(before).toBe("2026-09-01T11:05:00.000Z");
  expect(after).toBe("2026-09-02T11:05:00.000Z");
});

const refused = async (status: number, headers: Record<string, string>) => {
  Esi.reset();
  const esi = await serve(() => ({ status, headers }));
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  const error = await caught(Esi.request("GetCorporationsCorporationIdMembers", { ...members, ...director() }));
  return { seconds: ((error.retryAt ?? Number.NaN) - Date.now()) / 1000, tries: esi.received.length };
};

test.each<[string, Record<string, string>, number]>([
  ["seconds", { "retry-after": "90" }, 90],
  ["seconds and a part", { "retry-after": "90.4" }, 90.4],
  [
    "a date on ESI's own clock",
    { date: "Sat, 01 Feb 2020 10:00:00 GMT", "retry-after": "Sat, 01 Feb 2020 10:02:00 GMT" },
    120,
  ],
  ["an hour, when it names next year", { "retry-after": "99999999" }, 3600],
  ["an hour, when it names the year 9999", { "retry-after": "Fri, 31 Dec 9999 23:59:59 GMT" }, 3600],
  ["a minute, when it says nothing", {}, 60],
  ["a minute, when it says nothing sensible", { "retry-after": "soon" }, 60],
  ["a minute, when it is negative", { "retry-after": "-5" }, 60],
])("a 429 is left alone for %s", async (_, headers, seconds) => {
  expect(await refused(429, headers)).toEqual({ seconds, tries: 1 });
});

test.each<[string, Record<string, string>, number]>([
  ["the window that is left", { "x-esi-error-limit-reset": "30" }, 31],
  ["the whole window, when it says nothing", {}, 60],
  ["the whole window, when it says nothing sensible", { "x-esi-error-limit-reset": "NaN" }, 60],
  ["the whole window, when it says more than one can last", { "x-esi-error-limit-reset": "999999" }, 61],
])("a 420 is left alone for %s", async (_, headers, seconds) => {
  expect(await refused(420, headers)).toEqual({ seconds, tries: 1 });
});

test.each([
  ["19", 1],
  ["20", 2],
  ["many", 2],
  ["", 2],
])("with %s errors left before the limit, background calls are let through: %i of 2", async (remain, answered) => {
  const headers = { "x-esi-error-limit-remain": remain, "x-esi-error-limit-reset": "30" };
  const esi = await serve(() => ({ headers, body: [34] }));

  await Esi.request("GetUniverseTypes", {});
  await Esi.request("GetUniverseTypes", {}).catch(() => undefined);

  expect(esi.received).toHaveLength(answered);
});

test.each([
  { "x-ratelimit-limit": "0/15m", "x-ratelimit-remaining": "0" },
  { "x-ratelimit-limit": "plenty", "x-ratelimit-remaining": "-3" },
  { "x-ratelimit-limit": "300/15m", "x-ratelimit-remaining": "99999999" },
  { "x-ratelimit-limit": "-300/15m", "x-ratelimit-remaining": "0" },
])("rate-limit headers that make no sense (%o) shut nobody out", async (headers) => {
  const who = director();
  await serve(() => ({ headers, body: [1] }));

  await Esi.request("GetCorporationsCorporationIdMembers", { ...members, ...who });

  const left = Esi.Budget.remaining("corp-member", who.characterId);
  expect(left).toBe(298);
});
