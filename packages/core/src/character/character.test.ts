import { randomInt } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as Actor from "../actor/index.ts";
import * as Config from "../config/index.ts";
import { directors } from "../corporation/corporation.entity.ts";
import * as Sessions from "../session/sessions.ts";
import * as Token from "../token/index.ts";
import { type ScriptedSso, startScriptedSso } from "../token/sso.fixture.ts";
import { UserEntity } from "../user/user.entity.ts";
import * as Character from "./index.ts";

let sso: ScriptedSso;

beforeAll(async () => {
  sso = await startScriptedSso({ characterId: 1, name: "Ann Example", owner: "owner-1" });
  Object.assign(process.env, { SSO_BASE_URL: sso.url, ESI_BASE_URL: sso.url });
  Config.reset();
});
afterAll(() => sso.close());

const asSystem = <T>(body: () => T): T => Actor.provide({ type: "system", name: "test" }, body);
const asUser = <T>(userId: string, body: () => T): T => Actor.provide({ type: "user", userId, sessionId: "s" }, body);
const newPilot = (name: string) => ({
  characterId: randomInt(90_000_000, 2_000_000_000),
  name,
  ownerHash: `owner-${name}`,
});

/** A user with characters in order of linking; the first is the main. */
async function userWith(...names: string[]) {
  const pilots = names.map(newPilot);
  const [first = newPilot("Main"), ...others] = pilots;
  const userId = await asSystem(() => Character.enter(first));
  for (const other of others) await asSystem(() => Character.link({ ...other, userId }));
  return {
    userId,
    ids: pilots.map((pilot) => pilot.characterId),
    pilots,
    as: <T>(body: () => T): T => asUser(userId, body),
  };
}

const storeToken = (characterId: number, ownerHash = "owner") =>
  asSystem(() =>
    Token.store({
      characterId,
      ownerHash,
      scopes: ["a.v1"],
      accessToken: "access",
      refreshToken: `refresh-of-${characterId}`,
      accessExpiresAt: Date.now() + 600_000,
      keepWider: false,
    }),
  );

test("characters are listed oldest link first, with the main and each one's token", async () => {
  const user = await userWith("Main", "Alt");
  await storeToken(user.ids[1] ?? 0);

  const list = await user.as(() => Character.list());

  expect(list).toMatchObject([
    { name: "Main", isMain: true, token: { status: "none", scopes: [] } },
    { name: "Alt", isMain: false, token: { status: "valid", scopes: ["a.v1"] } },
  ]);
});

test("another of one's characters can be made the main", async () => {
  const user = await userWith("Main", "Alt");
  const [, alt = 0] = user.ids;

  await user.as(() => Character.setMain({ characterId: alt }));

  expect((await user.as(() => Character.list())).map((character) => character.isMain)).toEqual([false, true]);
});

test.each([
  ["get", (characterId: number) => Character.get({ characterId })],
  ["setMain", (characterId: number) => Character.setMain({ characterId })],
  ["remove", (characterId: number) => Character.remove({ characterId })],
  ["tokenUses", (characterId: number) => Character.tokenUses({ characterId })],
])("%s of somebody else's character finds nothing", async (_, call) => {
  const ann = await userWith("Ann");
  const bob = await userWith("Bob");

  const attempt = bob.as(() => call(ann.ids[0] ?? 0));

  await expect(attempt).rejects.toMatchObject({ kind: "not_found", code: "character.not_found" });
  expect(await ann.as(() => Character.list())).toHaveLength(1);
});

test("nobody who is logged out sees characters", async () => {
  await expect(Character.list()).rejects.toMatchObject({ code: "session.required" });
});

test("removing the main makes the next oldest the main, and ends its token", async () => {
  const user = await userWith("Main", "Second", "Third");
  const [main = 0, second] = user.ids;
  await storeToken(main);

  const removed = await user.as(() => Character.remove({ characterId: main }));

  const list = await user.as(() => Character.list());
  expect(removed).toEqual({ userRemoved: false });
  expect(list.find((character) => character.isMain)?.characterId).toBe(second);
  expect(list).toHaveLength(2);
  expect(sso.revoked).toContain(`refresh-of-${main}`);
});

test("removing another character leaves the main", async () => {
  const user = await userWith("Main", "Alt");
  const [main, alt = 0] = user.ids;

  await user.as(() => Character.remove({ characterId: alt }));

  expect(await user.as(() => Character.list())).toMatchObject([{ characterId: main, isMain: true }]);
});

test("removing the last character ends the user and every session", async () => {
  const user = await userWith("Only");
  const cookie = await Sessions.open(user.userId);

  const removed = await user.as(() => Character.remove({ characterId: user.ids[0] ?? 0 }));

  const { data } = await UserEntity().get({ userId: user.userId }).go();
  expect(removed).toEqual({ userRemoved: true });
  expect(await Sessions.find(cookie)).toBeUndefined();
  expect(data).toBeNull();
});

test("a removed character can be linked anew by anyone", async () => {
  const ann = await userWith("Ann", "Alt");
  const bob = await userWith("Bob");
  const [, alt] = ann.pilots;
  if (!alt) throw new Error("no alt");

  await ann.as(() => Character.remove({ characterId: alt.characterId }));
  await asSystem(() => Character.link({ ...alt, userId: bob.userId }));

  expect(await bob.as(() => Character.list())).toHaveLength(2);
});

test("of two users who link a character at the same time, one gets it", async () => {
  const ann = await userWith("Ann");
  const bob = await userWith("Bob");
  const pilot = newPilot("Wanted");

  const results = await Promise.allSettled(
    [ann, bob].map(({ userId }) => asSystem(() => Character.link({ ...pilot, userId }))),
  );

  const counts = await Promise.all([ann, bob].map(({ as }) => as(() => Character.list())));
  expect(results.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(counts.map((list) => list.length).sort()).toEqual([1, 2]);
});

test("linking the same character twice changes nothing", async () => {
  const user = await userWith("Main", "Alt");
  const [, alt = newPilot("Alt")] = user.pilots;

  await asSystem(() => Character.link({ ...alt, userId: user.userId }));

  const { data } = await UserEntity().get({ userId: user.userId }).go();
  expect(await user.as(() => Character.list())).toHaveLength(2);
  expect(data?.characterCount).toBe(2);
});

test("removing all characters but one at the same time leaves that one as the main", async () => {
  const user = await userWith("One", "Two", "Three");
  const leaving = user.ids.slice(0, 2);

  await Promise.all(leaving.map((characterId) => user.as(() => Character.remove({ characterId }))));

  const { data } = await UserEntity().get({ userId: user.userId }).go({ consistent: true });
  expect(await user.as(() => Character.list())).toMatchObject([{ characterId: user.ids[2], isMain: true }]);
  expect(data?.characterCount).toBe(1);
});

test("a character that leaves takes its seats as a director with it, and no other's", async () => {
  const user = await userWith("Main", "Alt");
  const [main = 0, alt = 0] = user.ids;
  const corporationId = randomInt(98_000_000, 99_000_000);
  const seat = {
    corporationId,
    userId: user.userId,
    addedAt: 0,
    priority: 0,
    roles: [],
    scopes: [],
    rolesCheckedAt: 0,
  };
  await directors()
    .put([
      { ...seat, characterId: main, name: "Main" },
      { ...seat, characterId: alt, name: "Alt" },
    ])
    .go();

  await user.as(() => Character.remove({ characterId: alt }));

  const { data } = await directors().query.byCorporation({ corporationId }).go();
  expect(data.map((row) => row.characterId)).toEqual([main]);
});

test("a death by sale takes the character from its user; any other death leaves it", async () => {
  const user = await userWith("Main", "Sold", "Revoked");
  const [, sold = 0, revoked = 0] = user.ids;

  for (const { characterId, ownerHash } of user.pilots) await storeToken(characterId, ownerHash);

  const told = await asSystem(() => Character.afterDeath({ characterId: sold, reason: "owner_changed" }));
  await asSystem(() => Character.afterDeath({ characterId: revoked, reason: "invalid_grant" }));

  expect(told).toBe(user.userId);
  expect((await user.as(() => Character.list())).map((character) => character.name)).toEqual(["Main", "Revoked"]);
});

test("a death by sale noticed late does not take the character from its buyer", async () => {
  const seller = await userWith("Sold", "Other");
  const [sold = newPilot("Sold")] = seller.pilots;
  await storeToken(sold.characterId, sold.ownerHash);
  const buyerId = await asSystem(() => Character.enter({ ...sold, ownerHash: "owner-buyer" }));

  await asSystem(() => Character.afterDeath({ characterId: sold.characterId, reason: "owner_changed" }));

  expect(await asUser(buyerId, () => Character.list())).toHaveLength(1);
});

test("a pilot reads what the token was used for, but not what it was used for by a former owner", async () => {
  const seller = await userWith("Sold", "Other");
  const [sold = newPilot("Sold")] = seller.pilots;
  await storeToken(sold.characterId);
  await asSystem(() => Token.access({ characterId: sold.characterId, purpose: "assets" }));
  await Token.flushUses();

  const own = await seller.as(() => Character.tokenUses({ characterId: sold.characterId }));
  const buyerId = await asSystem(() => Character.enter({ ...sold, ownerHash: "owner-buyer" }));
  const theirs = await asUser(buyerId, () => Character.tokenUses({ characterId: sold.characterId }));

  expect(own.uses).toMatchObject([{ purpose: "assets", by: "test", outcome: "used", count: 1 }]);
  expect(theirs.uses).toEqual([]);
});
