import { randomInt, randomUUID } from "node:crypto";
import { CreateTableCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import * as Actor from "../../platform/actor/index.ts";
import * as Config from "../../platform/config/index.ts";
import * as Db from "../../platform/db/index.ts";
import * as Token from "./index.ts";
import { type ScriptedSso, startScriptedSso } from "./sso.fixture.ts";
import { TokenKeepEntity } from "./token.entity.ts";

let sso: ScriptedSso;
let characterId: number;

const key = (name: string, KeyType: "HASH" | "RANGE") => ({ AttributeName: name, KeyType });

// A table of its own: the keeper looks after every token there is, and other tests' tokens are none of its business.
beforeAll(async () => {
  sso = await startScriptedSso({ characterId: 1, name: "Ann Example", owner: "owner-1" });
  Object.assign(process.env, { SSO_BASE_URL: sso.url, TABLE_NAME: `keeper-${randomUUID()}` });
  Config.reset();
  await Db.client().send(
    new CreateTableCommand({
      TableName: Db.table(),
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: ["pk", "sk", "lookupPk", "lookupSk"].map((AttributeName) => ({
        AttributeName,
        AttributeType: "S" as const,
      })),
      KeySchema: [key("pk", "HASH"), key("sk", "RANGE")],
      GlobalSecondaryIndexes: [
        {
          IndexName: "lookup",
          KeySchema: [key("lookupPk", "HASH"), key("lookupSk", "RANGE")],
          Projection: { ProjectionType: "ALL" },
        },
      ],
    }),
  );
});
afterAll(() => sso.close());

const asSystem = <T>(body: () => T): T => Actor.provide({ type: "system", name: "test" }, body);
const later = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });
const keepAlive = () => asSystem(() => Token.keepAlive());
const hour = 3600_000;

beforeEach(async () => {
  characterId = randomInt(90_000_000, 2_000_000_000);
  sso.pilot = { characterId, name: "Ann Example", owner: "owner-1" };
  sso.answer = undefined;
  sso.asked.length = 0;
  await asSystem(() =>
    Token.store({
      characterId,
      ownerHash: "owner-1",
      scopes: ["a.v1"],
      accessToken: "access-0",
      refreshToken: "refresh-0",
      accessExpiresAt: Date.now(),
      keepWider: false,
    }),
  );
});
afterEach(async () => {
  await asSystem(() => Token.revoke({ characterId }));
  vi.useRealTimers();
});

test("a token that was not used for a day is refreshed, and not again before the next day", async () => {
  later(25 * hour);

  const first = await keepAlive();
  later(23 * hour);
  const second = await keepAlive();
  later(2 * hour);
  const third = await keepAlive();

  expect([first.refreshed, second.refreshed, third.refreshed]).toEqual([1, 0, 1]);
});

test("a dead token is reported once and then left alone", async () => {
  later(25 * hour);
  sso.answer = () => ({ status: 400, body: { error: "invalid_grant" } });

  const first = await keepAlive();
  const second = await keepAlive();

  expect(first.died).toEqual([{ characterId, reason: "invalid_grant" }]);
  expect(second).toMatchObject({ checked: 0, died: [] });
});

test("a token in use is not refreshed by the keeper", async () => {
  later(23 * hour);
  await asSystem(() => Token.access({ characterId, purpose: "test" }));
  later(2 * hour);

  const kept = await keepAlive();

  expect(kept).toMatchObject({ checked: 1, refreshed: 0 });
  expect(sso.asked).toHaveLength(1);
});

test("while the SSO does not answer, a token is tried again an hour later", async () => {
  later(25 * hour);
  sso.answer = () => ({ status: 503, body: {} });

  const first = await keepAlive();
  sso.answer = undefined;
  const atOnce = await keepAlive();
  later(2 * hour);
  const anHourLater = await keepAlive();

  expect(first).toMatchObject({ unavailable: 1, died: [] });
  expect(atOnce.checked).toBe(0);
  expect(anHourLater.refreshed).toBe(1);
});

test("a token that was revoked leaves the keeper's list", async () => {
  await asSystem(() => Token.revoke({ characterId }));

  const { data } = await TokenKeepEntity().get({ characterId }).go();

  expect(data).toBeNull();
});

test("a token that died elsewhere is dropped from the list", async () => {
  await asSystem(() => Token.markDead({ characterId, reason: "owner_changed" }));
  later(25 * hour);

  const first = await keepAlive();
  const second = await keepAlive();

  expect([first.checked, second.checked]).toEqual([1, 0]);
  expect(sso.asked).toHaveLength(0);
});

test("only our own schedules can run the keeper", async () => {
  await expect(Token.keepAlive()).rejects.toThrow("system actor required");
});

/** Tokens of other characters that lie idle, too. */
async function storeMore(count: number): Promise<number[]> {
  const ids = Array.from({ length: count }, () => randomInt(90_000_000, 2_000_000_000));
  for (const id of ids) {
    const grant = { scopes: ["a.v1"], accessToken: `a-${id}`, refreshToken: `r-${id}`, accessExpiresAt: Date.now() };
    await asSystem(() => Token.store({ ...grant, characterId: id, ownerHash: "owner-1", keepWider: false }));
  }
  return ids;
}

test.each([
  [230, 8],
  [250, 4],
])("a round that has lasted %i seconds refreshes %i tokens in all: it has four minutes", async (seconds, begun) => {
  const more = await storeMore(7);
  later(25 * hour);
  const startedAt = Date.now();
  sso.answer = async (form) => {
    vi.setSystemTime(startedAt + seconds * 1000);
    const id = form.get("refresh_token")?.replace("r-", "");
    const sub = id === "refresh-0" ? characterId : id;
    const access_token = await sso.sign({ sub: `CHARACTER:EVE:${sub}`, exp: startedAt / 1000 + 3600 });
    return { status: 200, body: { access_token, refresh_token: `${id}-next`, expires_in: 1199 } };
  };

  const kept = await keepAlive();

  for (const id of more) await asSystem(() => Token.revoke({ characterId: id }));
  expect(kept).toMatchObject({ checked: begun, refreshed: begun });
});
