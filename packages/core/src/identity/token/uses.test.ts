import { randomInt } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { routes } from "../../eve/esi/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import * as Db from "../../platform/db/index.ts";
import * as Token from "./index.ts";

let characterId: number;

beforeEach(() => {
  characterId = randomInt(90_000_000, 2_000_000_000);
});
afterEach(() => {
  vi.useRealTimers();
});

const asSystem = <T>(body: () => T): T => Actor.provide({ type: "system", name: "test" }, body);
const later = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });
const access = () => asSystem(() => Token.access({ characterId, purpose: "test" }));
const store = () =>
  asSystem(() =>
    Token.store({
      characterId,
      ownerHash: "owner-1",
      scopes: ["a.v1"],
      accessToken: "access-0",
      refreshToken: "refresh-0",
      accessExpiresAt: Date.now() + 600_000,
      keepWider: false,
    }),
  );

test("the audit trail adds up uses: one write for many", async () => {
  await store();
  const since = Date.now();
  await asSystem(() => Token.flushUses());
  const use = (operation: string) => asSystem(() => Token.access({ characterId, purpose: "assets", operation }));

  for (const operation of ["GetAssets", "GetAssets", "PostNames"]) await use(operation);
  const { consumed } = await Db.metered(() => Token.flushUses());
  await use("GetAssets");
  await Token.flushUses();

  const { uses } = await asSystem(() => Token.uses({ characterId, since }));
  expect(consumed).toMatchObject({ requests: 1, writeUnits: 1 });
  expect(uses).toEqual([
    expect.objectContaining({
      purpose: "assets",
      operation: "GetAssets, PostNames",
      by: "test",
      outcome: "used",
      count: 4,
    }),
  ]);
});

test("every operation of a corporation's refresh within a quarter of an hour fits into one write unit", async () => {
  // From the beginning of one: it must not end meanwhile.
  later(15 * 60_000 - (Date.now() % (15 * 60_000)));
  await store();
  const since = Date.now();
  const operations = Object.keys(routes).filter((name) => name.startsWith("GetCorporationsCorporationId"));
  for (const operation of operations) {
    await asSystem(() => Token.access({ characterId, purpose: "refresh", operation }));
  }
  await Token.flushUses();

  await asSystem(() => Token.access({ characterId, purpose: "refresh", operation: operations[0] }));
  const { consumed } = await Db.metered(() => Token.flushUses());

  const { uses } = await asSystem(() => Token.uses({ characterId, since }));
  expect(consumed.writeUnits).toBe(1);
  expect(uses.map(({ operation }) => operation)).toEqual([operations.sort().join(", ")]);
});

test("the audit trail separates refusals and lists the newest first", async () => {
  await store();
  const since = Date.now();
  await asSystem(() => Token.markDead({ characterId, reason: "invalid_grant" }));

  await access().catch(() => undefined);
  later(16 * 60_000);
  await access().catch(() => undefined);
  await Token.flushUses();

  const { uses } = await asSystem(() => Token.uses({ characterId, since }));
  expect(uses.map((use) => use.outcome)).toEqual(["refused", "refused"]);
  expect((uses[0]?.at ?? "") > (uses[1]?.at ?? "")).toBe(true);
});
