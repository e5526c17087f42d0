import { randomInt } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { directors } from "../../director/director.entity.ts";
import * as Character from "../../identity/character/index.ts";
import * as Session from "../../identity/session/index.ts";
import * as Token from "../../identity/token/index.ts";
import { type ScriptedSso, startScriptedSso } from "../../identity/token/sso.fixture.ts";
import { UserEntity } from "../../identity/user/user.entity.ts";
import * as Actor from "../../platform/actor/index.ts";
import * as Config from "../../platform/config/index.ts";
import * as Account from "./index.ts";

let sso: ScriptedSso;

beforeAll(async () => {
  sso = await startScriptedSso({ characterId: 1, name: "Ann Example", owner: "owner-1" });
  Object.assign(process.env, { SSO_BASE_URL: sso.url, ESI_BASE_URL: sso.url });
  Config.reset();
});
afterAll(() => sso.close());

const cookieValue = (setCookie: string) => setCookie.slice(setCookie.indexOf("=") + 1, setCookie.indexOf(";"));
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
  const userId = await asSystem(() => Account.findOrCreateUser(first));
  for (const other of others) await asSystem(() => Account.link({ ...other, userId }));
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
  ["remove", (characterId: number) => Account.remove({ characterId })],
  ["tokenUses", (characterId: number) => Character.tokenUses({ characterId })],
])("%s of another user's character finds nothing", async (_, call) => {
  const ann = await userWith("Ann");
  const bob = await userWith("Bob");

  const attempt = bob.as(() => call(ann.ids[0] ?? 0));

  await expect(attempt).rejects.toMatchObject({ kind: "not_found", code: "character.not_found" });
  expect(await ann.as(() => Character.list())).toHaveLength(1);
});

test("characters are listed for users who are logged in only", async () => {
  await expect(Character.list()).rejects.toMatchObject({ code: "session.required" });
});

test("removing the main makes the next oldest the main, and ends its token", async () => {
  const user = await userWith("Main", "Second", "Third");
  const [main = 0, second] = user.ids;
  await storeToken(main);

  const removed = await user.as(() => Account.remove({ characterId: main }));

  const list = await user.as(() => Character.list());
  expect(removed).toEqual({ userRemoved: false });
  expect(list.find((character) => character.isMain)?.characterId).toBe(second);
  expect(list).toHaveLength(2);
  expect(sso.revoked).toContain(`refresh-of-${main}`);
});

test("removing another character leaves the main", async () => {
  const user = await userWith("Main", "Alt");
  const [main, alt = 0] = user.ids;

  await user.as(() => Account.remove({ characterId: alt }));

  expect(await user.as(() => Character.list())).toMatchObject([{ characterId: main, isMain: true }]);
});

test("removing the last character ends the user and every session", async () => {
  const user = await userWith("Only");
  const cookie = await Session.createSession(user.userId);

  const removed = await user.as(() => Account.remove({ characterId: user.ids[0] ?? 0 }));

  const { data } = await UserEntity().get({ userId: user.userId }).go();
  expect(removed).toEqual({ userRemoved: true });
  expect(await Session.resolve(cookieValue(cookie))).toBeUndefined();
  expect(data).toBeNull();
});

test("a removed character can be linked again by anyone", async () => {
  const ann = await userWith("Ann", "Alt");
  const bob = await userWith("Bob");
  const [, alt] = ann.pilots;
  if (!alt) throw new Error("no alt");

  await ann.as(() => Account.remove({ characterId: alt.characterId }));
  await asSystem(() => Account.link({ ...alt, userId: bob.userId }));

  expect(await bob.as(() => Character.list())).toHaveLength(2);
});

test("of two users who link a character at the same time, one gets it", async () => {
  const ann = await userWith("Ann");
  const bob = await userWith("Bob");
  const pilot = newPilot("Wanted");

  const results = await Promise.allSettled(
    [ann, bob].map(({ userId }) => asSystem(() => Account.link({ ...pilot, userId }))),
  );

  const counts = await Promise.all([ann, bob].map(({ as }) => as(() => Character.list())));
  expect(results.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(counts.map((list) => list.length).sort()).toEqual([1, 2]);
});

test("linking the same character twice changes nothing", async () => {
  const user = await userWith("Main", "Alt");
  const [, alt = newPilot("Alt")] = user.pilots;

  await asSystem(() => Account.link({ ...alt, userId: user.userId }));

  const { data } = await UserEntity().get({ userId: user.userId }).go();
  expect(await user.as(() => Character.list())).toHaveLength(2);
  expect(data?.characterCount).toBe(2);
});

test("removing all characters but one at the same time leaves that one as the main", async () => {
  const user = await userWith("One", "Two", "Three");
  const leaving = user.ids.slice(0, 2);

  await Promise.all(leaving.map((characterId) => user.as(() => Account.remove({ characterId }))));

  const { data } = await UserEntity().get({ userId: user.userId }).go({ consistent: true });
  expect(await user.as(() => Character.list())).toMatchObject([{ characterId: user.ids[2], isMain: true }]);
  expect(data?.characterCount).toBe(1);
});

test("unlinking a character deletes its director links, and no other's", async () => {
  const user = await userWith("Main", "Alt");
  const [main = 0, alt = 0] = user.ids;
  const corporationId = randomInt(98_000_000, 99_000_000);
  const link = {
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
      { ...link, characterId: main, name: "Main" },
      { ...link, characterId: alt, name: "Alt" },
    ])
    .go();

  await user.as(() => Account.remove({ characterId: alt }));

  const { data } = await directors().query.byCorporation({ corporationId }).go();
  expect(data.map((row) => row.characterId)).toEqual([main]);
});

test("a token that died by a transfer unlinks its character; any other death does not", async () => {
  const user = await userWith("Main", "Sold", "Revoked", "Alive");
  const [, sold = 0, revoked = 0] = user.ids;
  for (const { characterId, ownerHash } of user.pilots) await storeToken(characterId, ownerHash);
  await asSystem(() => Token.markDead({ characterId: sold, reason: "owner_changed" }));
  await asSystem(() => Token.markDead({ characterId: revoked, reason: "invalid_grant" }));

  for (const characterId of user.ids) await asSystem(() => Account.unlinkIfTransferred({ characterId }));

  const list = await user.as(() => Character.list());
  expect(list.map((character) => character.name)).toEqual(["Main", "Revoked", "Alive"]);
});

test("a transfer that is noticed late does not unlink the character from its buyer", async () => {
  const seller = await userWith("Sold", "Other");
  const [sold = newPilot("Sold")] = seller.pilots;
  await storeToken(sold.characterId, sold.ownerHash);
  const buyerId = await asSystem(() => Account.findOrCreateUser({ ...sold, ownerHash: "owner-buyer" }));

  await asSystem(() => Account.unlinkIfTransferred({ characterId: sold.characterId }));

  expect(await asUser(buyerId, () => Character.list())).toHaveLength(1);
});

test("a pilot can read the uses of a token, but not those of a former owner", async () => {
  const seller = await userWith("Sold", "Other");
  const [sold = newPilot("Sold")] = seller.pilots;
  await storeToken(sold.characterId);
  await asSystem(() => Token.access({ characterId: sold.characterId, purpose: "assets" }));
  await Token.flushUses();

  const own = await seller.as(() => Character.tokenUses({ characterId: sold.characterId }));
  const buyerId = await asSystem(() => Account.findOrCreateUser({ ...sold, ownerHash: "owner-buyer" }));
  const theirs = await asUser(buyerId, () => Character.tokenUses({ characterId: sold.characterId }));

  expect(own.uses).toMatchObject([{ purpose: "assets", by: "test", outcome: "used", count: 1 }]);
  expect(theirs.uses).toEqual([]);
});
