import { randomInt } from "node:crypto";
import { expect, test, vi } from "vitest";
import * as Esi from "./index.ts";
import { caught, setUpScriptedEsi } from "./scripted-esi.fixture.ts";

const serve = setUpScriptedEsi();

const director = () => ({ accessToken: "eyJhbGciOi.c2VjcmV0.c2ln", characterId: randomInt(90_000_000, 98_000_000) });
const members = { path: { corporation_id: 98_000_001 } };
test("a 420 stops every route of the error limit until its reset, and no other", async () => {
  const reset = { "x-esi-error-limit-remain": "0", "x-esi-error-limit-reset": "42" };
  const esi = await serve((request) =>
    request.path.includes("orders") ? { status: 420, headers: reset } : { body: [1] },
  );
  const orders = { path: { corporation_id: 1 }, ...director() };

  const first = await caught(Esi.request("GetCorporationsCorporationIdOrders", orders));
  const second = await caught(Esi.request("GetMarketsPrices", {}));
  const bucketed = await Esi.request("GetCorporationsCorporationIdMembers", { ...members, ...director() });

  expect(first).toMatchObject({ kind: "error_limited", status: 420 });
  expect(second).toMatchObject({ kind: "error_limited", retryAt: first.retryAt });
  expect((first.retryAt ?? 0) - Date.now()).toBeGreaterThan(40_000);
  expect(bucketed.data).toEqual([1]);
  expect(esi.received).toHaveLength(2);
});

test("the last errors of a minute are kept for people", async () => {
  const scarce = { "x-esi-error-limit-remain": "5", "x-esi-error-limit-reset": "30" };
  await serve(() => ({ body: [], headers: scarce }));
  await Esi.request("GetMarketsPrices", {});

  const background = await caught(Esi.request("GetAlliances", {}));
  const person = await Esi.request("GetAlliances", { interactive: true });

  expect(background.kind).toBe("error_limited");
  expect(person.status).toBe(200);
});

test("a group that only fails is left alone, and one call finds out when it is back", async () => {
  let healthy = false;
  const esi = await serve(() => (healthy ? { body: [1] } : { status: 500 }));
  const attempts = Array.from({ length: 10 }, () =>
    caught(Esi.request("GetCorporationsCorporationIdMembers", { ...members, ...director() })),
  );
  await Promise.all(attempts);
  const sent = esi.received.length;

  const refused = await caught(Esi.request("GetCorporationsCorporationIdMembers", { ...members, ...director() }));
  healthy = true;
  vi.useFakeTimers({ toFake: ["Date"], now: (refused.retryAt ?? 0) + 1 });
  const probe = await Esi.request("GetCorporationsCorporationIdMembers", { ...members, ...director() });

  expect(refused).toMatchObject({ kind: "server", retryable: true });
  expect(esi.received).toHaveLength(sent + 1);
  expect(probe.data).toEqual([1]);
});

test("calls that come while one finds out wait for what it finds: all go through, or none is sent", async () => {
  let healthy = false;
  const esi = await serve(() => (healthy ? { body: [1] } : { status: 500 }));
  const ask = () => Esi.request("GetCorporationsCorporationIdMembers", { ...members, ...director() });
  const many = () => Promise.allSettled(Array.from({ length: 10 }, ask));
  const after = (retryAt = 0) => vi.useFakeTimers({ toFake: ["Date"], now: retryAt + 1 });
  await many();
  const first = await caught(ask());
  const sent = esi.received.length;

  after(first.retryAt);
  const failing = await many();
  const sentMeanwhile = esi.received.length - sent;
  const second = await caught(ask());
  healthy = true;
  after(second.retryAt);
  const working = await many();

  expect(failing.every(({ status }) => status === "rejected")).toBe(true);
  expect(sentMeanwhile).toBe(1);
  expect(working.every(({ status }) => status === "fulfilled")).toBe(true);
});

test("one success in between keeps the circuit closed", async () => {
  const esi = await serve((request) => (request.path.includes("/666/") ? { status: 500 } : { body: [1] }));
  const ask = (corporationId: number) =>
    Esi.request("GetCorporationsCorporationIdMembers", { path: { corporation_id: corporationId }, ...director() });
  const failing = () => Promise.all(Array.from({ length: 9 }, () => caught(ask(666))));
  await failing();
  await ask(1);
  await failing();

  const answer = await ask(1);

  expect(answer.data).toEqual([1]);
  expect(esi.received).toHaveLength(9 * 3 * 2 + 2);
});
