import * as Config from "@tapi/core/platform/config";
import * as Socket from "@tapi/core/product/socket";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import * as Actor from "../../../core/src/platform/actor/index.ts";
import { notices } from "../../../core/src/product/socket/socket.entity.ts";
import { receiveBatch } from "../../../core/test/queues.ts";
import { startWorld, type World } from "../../../core/test/world.ts";
import { Browser, directorOf } from "../../test/browser.ts";

let world: World;
let admin: Browser;
let ceo: { browser: Browser; characterId: number; userId: string };
let second: typeof ceo;
let corporationId: number;

const member = async (characterId: number, browser: Browser) => {
  const { body } = await browser.get("/session");
  return { browser, characterId, userId: body.data.user.userId as string };
};

beforeAll(async () => {
  const small = { members: 25, assets: 10, journalPerDay: 1 };
  world = await startWorld({ corporations: [small, small] });
  // Not in EVE's daily downtime, in which ESI's silence has another name.
  await world.advanceTo("12:00");
  const [, away] = (await world.truth()).corporations;
  process.env.ADMIN_CHARACTER_IDS = String(away?.ceo.characterId);
  Config.reset();
  admin = new Browser();
  await admin.logIn(away?.ceo.characterId as number);
});
afterAll(() => world?.close());

beforeEach(async () => {
  const [home] = (await world.truth()).corporations;
  corporationId = home?.corporationId as number;
  const [one, two] = [home?.ceo.characterId as number, home?.directors[0]?.characterId as number];
  ceo = await member(one, await directorOf(one));
  second = await member(two, await directorOf(two));
  await deliver();
  for (const { userId } of [ceo, second]) await forget(userId);
});

/** Does what the consumer of the queue does. */
async function deliver(): Promise<void> {
  for (let batch = await receiveBatch("realtime"); batch.length > 0; batch = await receiveBatch("realtime")) {
    for (const { Body = "" } of batch) {
      await Actor.provide({ type: "system", name: "test" }, () => Socket.deliver(JSON.parse(Body)));
    }
  }
}

const keptFor = async (userId: string) => (await notices().query.byUser({ userId }).go()).data;
const forget = async (userId: string) => {
  await notices()
    .delete((await keptFor(userId)).map(({ id }) => ({ userId, id })))
    .go();
};
/** What a user finds at the next visit. */
async function told(userId: string): Promise<unknown[]> {
  await deliver();
  return (await keptFor(userId)).map(({ message }) => message.data.action);
}
const trail = async () => (await admin.get("/admin/audit?limit=3")).body.data;

test("taking another director out is in the trail, with who and whom, and that director is told", async () => {
  const { status } = await ceo.browser.delete(`/corporations/${corporationId}/directors/${second.characterId}`);

  expect(status).toBe(204);
  const [entry] = await trail();
  expect(entry).toMatchObject({
    action: "director.removed",
    userId: ceo.userId,
    characterId: ceo.characterId,
    subject: { corporationId, directors: [{ characterId: second.characterId, userId: second.userId }] },
  });
  expect([await told(second.userId), await told(ceo.userId)]).toEqual([["director.removed"], []]);
});

test("who stops following a corporation is in the trail, and the director who stays is told", async () => {
  const { status } = await ceo.browser.delete(`/corporations/${corporationId}`);

  expect([status, (await second.browser.get(`/corporations/${corporationId}`)).status]).toEqual([204, 200]);
  expect((await trail())[0]).toMatchObject({ action: "director.removed", userId: ceo.userId });
  expect(await told(second.userId)).toEqual(["director.removed"]);
});

test("a corporation that goes with its last director leaves an entry that says so", async () => {
  await ceo.browser.delete(`/corporations/${corporationId}`);
  await second.browser.delete(`/corporations/${corporationId}/directors/${second.characterId}`);

  expect((await trail())[0]).toMatchObject({ action: "corporation.removed", subject: { corporationId } });
});

test("a new director is in the trail and told to the others, one who renews the roles is not", async () => {
  await ceo.browser.delete(`/corporations/${corporationId}/directors/${second.characterId}`);
  await second.browser.post("/corporations", { characterId: second.characterId });
  await second.browser.post("/corporations", { characterId: second.characterId });

  expect((await trail()).map(({ action }: { action: string }) => action).slice(0, 2)).toEqual([
    "director.added",
    "director.removed",
  ]);
  expect(await told(ceo.userId)).toEqual(["director.added"]);
});

test("a preference is in the trail", async () => {
  await ceo.browser.patch(`/corporations/${corporationId}/directors/${second.characterId}`, { preference: "last" });

  expect((await trail())[0]).toMatchObject({
    action: "director.preferred",
    subject: { characterId: second.characterId, preference: "last" },
  });
});

test("unlinking a character is in the trail, and the corporation's other directors are told", async () => {
  await second.browser.delete(`/characters/${second.characterId}`);

  const entries = await trail();
  expect(entries.slice(0, 2)).toMatchObject([
    { action: "character.unlinked", subject: { characterId: second.characterId, corporationIds: [corporationId] } },
    { action: "token.revoked", subject: { characterId: second.characterId } },
  ]);
  expect(await told(ceo.userId)).toEqual(["character.unlinked"]);
});

test("ending every session is in the trail", async () => {
  await second.browser.post("/auth/logout-everywhere");

  expect((await trail())[0]).toMatchObject({ action: "session.ended_everywhere", userId: second.userId });
});

test("what was refused because EVE does not answer is in no trail, and nobody is told", async () => {
  await world.control("faults", { kind: "status", status: 503 });

  const refused = await ceo.browser.delete(`/corporations/${corporationId}/directors/${second.characterId}`);
  await world.control("faults", undefined, "DELETE");

  expect(refused).toMatchObject({ status: 503, body: { error: { code: "esi.server" } } });
  expect((await trail()).map(({ action }: { action: string }) => action)).not.toContain("director.removed");
  expect(await told(second.userId)).toEqual([]);
});
