import { randomInt } from "node:crypto";
import { expect, test, vi } from "vitest";
import * as Esi from "./index.ts";
import { caught, type Scripted, setUpScriptedEsi } from "./scripted-esi.fixture.ts";

const serve = setUpScriptedEsi();

const director = () => ({ accessToken: "eyJhbGciOi.c2VjcmV0.c2ln", characterId: randomInt(90_000_000, 98_000_000) });
const members = { path: { corporation_id: 98_000_001 } };
test("a call carries the pinned date, the tenant, who we are and the token", async () => {
  vi.stubEnv("CONTACT", "wing commander ☆");
  const esi = await serve(() => ({ body: [1, 2] }));

  const answer = await Esi.request("GetCorporationsCorporationIdMembers", { ...members, ...director() });

  expect(answer).toMatchObject({ status: 200, data: [1, 2], cost: 2 });
  expect(esi.received[0]).toMatchObject({ method: "GET", path: "/corporations/98000001/members" });
  expect(esi.received[0]?.headers).toMatchObject({
    "x-compatibility-date": "2026-08-18",
    "x-tenant": "tranquility",
    authorization: "Bearer eyJhbGciOi.c2VjcmV0.c2ln",
    "user-agent": expect.stringMatching(/^TAPI\/\d+\.\d+\.\d+ \(wing commander \?; \+http.*\)$/),
  });
});

test("a lookup posts its ids as JSON", async () => {
  const esi = await serve(() => ({ body: [{ id: 34, name: "Tritanium", category: "inventory_type" }] }));

  const { data } = await Esi.request("PostUniverseNames", { body: [34] });

  expect(data?.[0]?.name).toBe("Tritanium");
  expect(esi.received[0]).toMatchObject({ method: "POST", path: "/universe/names", body: "[34]" });
  expect(esi.received[0]?.headers["content-type"]).toBe("application/json");
});

test("a compressed answer is read like any other", async () => {
  const esi = await serve(() => ({ gzip: true, body: [{ title_id: 2, name: "ä" }] }));

  const answer = await Esi.request("GetCorporationsCorporationIdTitles", { ...members, ...director() });

  expect(answer.data).toEqual([{ title_id: 2, name: "ä" }]);
  expect(esi.received[0]?.headers["accept-encoding"]).toBe("gzip");
});

test("an unchanged answer is a 304 without data for one token", async () => {
  const esi = await serve(() => ({ status: 304, headers: { etag: '"a"' } }));

  const answer = await Esi.request("GetCorporationsCorporationIdMembers", { ...members, ...director(), etag: '"a"' });

  expect(answer).toMatchObject({ status: 304, etag: '"a"', cost: 1 });
  expect(answer.data).toBeUndefined();
  expect(esi.received[0]?.headers["if-none-match"]).toBe('"a"');
});

test("a 304 that nobody asked for is not taken for an answer", async () => {
  await serve(() => ({ status: 304 }));

  const error = await caught(Esi.request("GetCorporationsCorporationIdMembers", { ...members, ...director() }));

  expect(error).toMatchObject({ kind: "malformed" });
});

test.each([
  [400, "bad_request"],
  [401, "unauthorized"],
  [403, "forbidden"],
  [404, "not_found"],
  [422, "bad_request"],
])("a %i is refused once and for all, as %s", async (status, kind) => {
  const esi = await serve(() => ({ status, body: { error: "whatever" } }));

  const error = await caught(Esi.request("GetCorporationsCorporationIdMembers", { ...members, ...director() }));

  expect(error).toMatchObject({ kind, status, retryable: false });
  expect(esi.received).toHaveLength(1);
});

test.each([500, 502, 503, 504, 520])("a passing %i is tried again", async (status) => {
  const esi = await serve((_, count) => (count < 3 ? { status, body: "<html>" } : { body: [7] }));

  const answer = await Esi.request("GetCorporationsCorporationIdMembers", { ...members, ...director() });

  expect(answer.data).toEqual([7]);
  expect(esi.received).toHaveLength(3);
});

test("a lasting 500 is given up after three tries", async () => {
  const esi = await serve(() => ({ status: 500, body: { error: "boom" } }));

  const error = await caught(Esi.request("GetCorporationsCorporationIdMembers", { ...members, ...director() }));

  expect(error).toMatchObject({ kind: "server", status: 500, retryable: true });
  expect(esi.received).toHaveLength(3);
});

test.each<[string, Scripted, string]>([
  ["a torn connection", { fault: "reset" }, "network"],
  ["a truncated body", { fault: "truncate", body: [1, 2, 3, 4, 5] }, "network"],
  ["malformed JSON", { body: '[{"item_id":1},{"ite' }, "malformed"],
  ["an empty body", { body: "" }, "malformed"],
  ["an HTML page", { body: "<html></html>", headers: { "content-type": "text/html" } }, "malformed"],
])("%s is tried again and named when it lasts", async (_, fault, kind) => {
  const lasting = await serve(() => fault);
  const error = await caught(Esi.request("GetCorporationsCorporationIdMembers", { ...members, ...director() }));
  const passing = await serve((_request, count) => (count === 1 ? fault : { body: [1] }));

  const answer = await Esi.request("GetCorporationsCorporationIdMembers", { ...members, ...director() });

  expect(error).toMatchObject({ kind, retryable: true });
  expect(lasting.received.length).toBeGreaterThanOrEqual(3);
  expect(answer.data).toEqual([1]);
  expect(passing.received.length).toBeGreaterThanOrEqual(2);
});

test.each(["hang", "stall"] as const)("an answer that does not come to its end (%s) is a timeout", async (fault) => {
  const esi = await serve(() => ({ fault, body: [1, 2, 3] }));
  const input = { ...members, ...director(), timeoutMs: 50 };

  const error = await caught(Esi.request("GetCorporationsCorporationIdMembers", input));

  expect(error).toMatchObject({ kind: "timeout", retryable: true });
  expect(esi.received).toHaveLength(3);
});

test("a server that asks for a short pause gets it", async () => {
  const esi = await serve((_, count) =>
    count === 1 ? { status: 503, headers: { "retry-after": "1" } } : { body: [1] },
  );
  const begun = Date.now();

  await Esi.request("GetCorporationsCorporationIdMembers", { ...members, ...director() });

  expect(Date.now() - begun).toBeGreaterThanOrEqual(950);
  expect(esi.received).toHaveLength(2);
});

test("a server that asks for a long pause is left alone until then", async () => {
  const esi = await serve(() => ({ status: 503, headers: { "retry-after": "600" } }));

  const error = await caught(Esi.request("GetCorporationsCorporationIdMembers", { ...members, ...director() }));

  expect(error.kind).toBe("server");
  expect((error.retryAt ?? 0) - Date.now()).toBeGreaterThan(590_000);
  expect(esi.received).toHaveLength(1);
});

test("gateway errors at 11:03 UTC are the downtime, to be tried after it", async () => {
  await serve(() => ({ status: 502 }));
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-09-01T11:03:00Z") });

  const error = await caught(Esi.request("GetCorporationsCorporationIdMembers", { ...members, ...director() }));

  expect(error.kind).toBe("downtime");
  expect(new Date(error.retryAt ?? 0).toISOString()).toBe("2026-09-01T11:05:00.000Z");
});

test("an error tells neither token nor query", async () => {
  await serve(() => ({ status: 500 }));
  const who = director();

  const error = await caught(
    Esi.request("GetCorporationsCorporationIdAssets", { ...members, ...who, query: { page: 77 } }),
  );

  const shown = JSON.stringify([error.message, error.stack, error, String(error.cause)]);
  expect(shown).not.toContain(who.accessToken);
  expect(shown).not.toContain("page");
});

test("callers of the same thing share one request", async () => {
  const esi = await serve(async () => ({ body: [1] }));
  const who = director();

  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      Esi.request("GetCorporationsCorporationIdMembers", { ...members, ...who, accessToken: `token-${index}` }),
    ),
  );

  expect(answers.every((answer) => answer.data?.[0] === 1)).toBe(true);
  expect(esi.received).toHaveLength(1);
});

test("two characters never share an answer", async () => {
  const esi = await serve((request) => ({ body: [request.headers.authorization === "Bearer a" ? 1 : 2] }));
  const ask = (accessToken: string, characterId: number) =>
    Esi.request("GetCorporationsCorporationIdMembers", { ...members, accessToken, characterId });

  const [a, b] = await Promise.all([ask("a", 90_000_001), ask("b", 90_000_002)]);

  expect([a.data, b.data]).toEqual([[1], [2]]);
  expect(esi.received).toHaveLength(2);
});

test("a caller who leaves does not take the others' answer away", async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await serve(async () => {
    await held;
    return { body: [1] };
  });
  const who = director();
  const leaver = new AbortController();
  const left = caught(
    Esi.request("GetCorporationsCorporationIdMembers", { ...members, ...who, signal: leaver.signal }),
  );
  const stayed = Esi.request("GetCorporationsCorporationIdMembers", { ...members, ...who });

  leaver.abort(new Error("gone"));
  const reason = await left;
  release();

  expect(reason.message).toBe("gone");
  expect((await stayed).data).toEqual([1]);
});

test("a token without its character is refused before anything is sent", async () => {
  const esi = await serve(() => ({ body: [] }));

  expect(() => Esi.request("GetCorporationsCorporationIdMembers", { ...members, accessToken: "x" })).toThrow(TypeError);
  expect(esi.received).toHaveLength(0);
});
