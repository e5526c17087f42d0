import { randomInt } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as Actor from "../actor/index.ts";
import * as Db from "../db/index.ts";
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

test("the audit trail adds uses up: one write for many", async () => {
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

test("the audit trail tells refusals apart and reads newest first", async () => {
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
