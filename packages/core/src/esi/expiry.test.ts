import { randomInt } from "node:crypto";
import { expect, test, vi } from "vitest";
import * as Esi from "./index.ts";
import { setUpScriptedEsi } from "./scripted-esi.ts";

const serve = setUpScriptedEsi();

const director = () => ({ accessToken: "eyJhbGciOi.c2VjcmV0.c2ln", characterId: randomInt(90_000_000, 98_000_000) });
const members = { path: { corporation_id: 98_000_001 } };
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
])("an answer expires by %s", async (_, headers, seconds) => {
  await serve(() => ({ headers, body: [] }));
  const sentAt = Date.now();

  const answer = await Esi.request("GetCorporationsCorporationIdMembers", { ...members, ...director() });

  expect(answer.expiresAt - sentAt).toBeGreaterThanOrEqual(seconds * 1000);
  expect(answer.expiresAt - Date.now()).toBeLessThanOrEqual(seconds * 1000);
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
