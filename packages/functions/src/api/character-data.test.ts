import * as Refresh from "@tapi/core/engine/refresh";
import { find, unlink } from "@tapi/core/identity/character";
import { character } from "@tapi/core/owner";
import { Datasets as CharacterDatasets, eraseUnlinked } from "@tapi/core/owners/character";
import { Datasets as CorporationDatasets } from "@tapi/core/owners/corporation";
import * as Actor from "@tapi/core/platform/actor";
import { refreshQueues } from "@tapi/core/platform/topology";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { drain } from "../../../core/test/queues.ts";
import { scan } from "../../../core/test/table.ts";
import { startWorld, type World } from "../../../core/test/world.ts";
import { Browser, directorOf } from "../../test/browser.ts";
import { type Client, type Sockets, startSockets } from "../../test/sockets.ts";
import { handler as realtime } from "../queue/realtime.ts";
import { handler as refresh } from "../queue/refresh.ts";

// A pilot's own data: from the login that grants it until the character is unlinked, for the pilot alone.

let world: World;
let sockets: Sockets;
let pilot: number;
let other: number;
let browser: Browser;

beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 25, assets: 10, journalPerDay: 1 }] });
  sockets = await startSockets();
  const [home] = (await world.truth()).corporations;
  pilot = home?.member.characterId as number;
  other = home?.ceo.characterId as number;
});
afterAll(async () => {
  await sockets?.close();
  await world?.close();
});

const share = (characterId: number) => `?purpose=character&share=true&characterId=${characterId}&returnTo=/characters`;
const at = (path = "", characterId = pilot) => `/characters/${characterId}${path}`;
const asSystem = <T>(body: () => T): T => Actor.provide({ type: "system", name: "test" }, body);

async function work(): Promise<void> {
  for (let round = 0; round < 3; round += 1) for (const queue of refreshQueues) await drain(queue, refresh);
}

/** Rows of the table that belong to a character's datasets. */
async function stored(characterId = pilot): Promise<string[]> {
  const keys = (await scan()).map(({ pk, sk }) => `${pk} ${sk}`);
  const ofCharacter = keys.filter((key) => new RegExp(`character#${characterId}\\b`).test(key));
  return ofCharacter.filter((key) => /dataset|snapshot|schedule|validator/.test(key));
}

type Row = Record<string, unknown>;
const truth = (dataset: string) => world.control(`truth/character/${pilot}/${dataset}`);
const trueSkills = async () => ((await truth("skills")) as { skills: Row[] }).skills;
const trueAssets = async () => (await truth("assets")) as Row[];

/** Unlinks whoever has the character, so that each test begins with nothing stored. */
async function begin(): Promise<Browser> {
  const fresh = new Browser();
  await fresh.logIn(pilot);
  await fresh.delete(at());
  const next = new Browser();
  await next.logIn(pilot);
  return next;
}

beforeEach(async () => {
  await world.control("faults", undefined, "DELETE");
  browser = await begin();
});

test("a plain login stores nothing of the pilot, and every dataset says what is missing", async () => {
  await work();
  const board = await browser.get(at("/freshness"));

  expect((await trueSkills()).length).toBeGreaterThan(0);
  expect((await browser.get(at("/datasets/skills/rows"))).body.data).toEqual([]);
  expect(board.status).toBe(200);
  expect(await stored()).toEqual([]);
});

test("a pilot who shares sees their own skills, wallet and assets as EVE has them, at tier P3", async () => {
  expect(await browser.logIn(pilot, share(pilot))).toBe("/characters");
  await work();
  const skills = await browser.get(at("/datasets/skills/rows?limit=500"));
  const assets = await browser.get(at("/datasets/assets/rows?limit=500"));
  const board: { dataset: string; status: string; tier: string; fetcher?: object }[] = (
    await browser.get(at("/freshness"))
  ).body.data;

  const ids = (rows: Row[], key: string) => rows.map((row) => row[key]).sort();
  expect(ids(skills.body.data, "skill_id")).toEqual(ids(await trueSkills(), "skill_id"));
  expect(ids(assets.body.data, "item_id")).toEqual(ids(await trueAssets(), "item_id"));
  expect(skills.body.data.length).toBeGreaterThan(0);
  expect(new Set(board.map(({ tier }) => tier))).toEqual(new Set(["P3"]));
  expect(board.find(({ dataset }) => dataset === "wallet")).toMatchObject({
    status: "fresh",
    fetcher: { characterId: pilot },
  });
  expect(board.map(({ dataset }) => dataset)).toEqual(CharacterDatasets.datasets.map(({ name }) => name));
});

test("nobody else sees it: no director of the corporation, no other pilot, no administrator's list but the name", async () => {
  await browser.logIn(pilot, share(pilot));
  await work();
  const director = await directorOf(other);

  const answers = await Promise.all(
    ["", "/freshness", "/history", "/datasets/skills/rows", "/datasets/wallet/rows.csv", "/token-uses"].map((path) =>
      director.get(at(path)),
    ),
  );

  expect(answers.map(({ status, body }) => [status, body.error.code])).toEqual(
    answers.map(() => [404, "character.not_found"]),
  );
  expect((await director.post(at("/refresh"))).status).toBe(404);
});

test("unlinking takes everything that was stored of the character, and who links it next finds nothing", async () => {
  await browser.logIn(pilot, share(pilot));
  await work();
  const before = (await stored()).length;

  await browser.delete(at());
  const left = await stored();
  const next = new Browser();
  await next.logIn(pilot);

  expect(before).toBeGreaterThan(10);
  expect(left).toEqual([]);
  expect((await next.get(at("/datasets/skills/rows"))).body.data).toEqual([]);
  expect((await next.get(at("/history"))).body.data).toEqual([]);
});

test("an unlinking that was interrupted before the erasure is completed by the messages on their way and the clean-up", async () => {
  await browser.logIn(pilot, share(pilot));
  await work();
  const row = await find(pilot);
  await asSystem(() => (row ? unlink(row) : Promise.resolve()));
  const interrupted = (await stored()).length;

  const early = await asSystem(eraseUnlinked);
  await asSystem(() => Refresh.run({ owner: character(pilot), datasets: ["wallet"], reason: "schedule" }));
  const { erased } = await asSystem(eraseUnlinked);

  expect(interrupted).toBeGreaterThan(10);
  expect([early.erased, erased]).toEqual([0, 1]);
  expect(await stored()).toEqual([]);
});

test("a token that is revoked at EVE says so on every dataset, and sharing again brings all back at once", async () => {
  await browser.logIn(pilot, share(pilot));
  await work();
  await world.control("tokens/revoke", { characterId: pilot });
  await world.advance(3 * 3600);
  await browser.post(at("/refresh"));
  await work();
  const statuses = async () =>
    Object.fromEntries(
      (
        (await browser.get(at("/freshness"))).body.data as { dataset: string; status: string; lastError?: object }[]
      ).map(({ dataset, status, lastError }) => [dataset, { status, ...lastError }]),
    );
  const dead = await statuses();
  await browser.logIn(pilot, share(pilot));
  await work();
  const after = await statuses();

  expect(dead.wallet).toMatchObject({ status: "blocked", code: "token.dead" });
  expect(dead.skills).toMatchObject({ status: "blocked", code: "token.dead" });
  expect([after.wallet?.status, after.skills?.status]).toEqual(["fresh", "fresh"]);
});

test("the scopes that a pilot has shared survive the login that adds the corporation, and its renewal", async () => {
  const ceo = new Browser();
  await ceo.logIn(other);
  await ceo.logIn(other, share(other));
  const scopes = async () => {
    const { body } = await ceo.get(at("", other));
    return new Set(body.data.token.scopes as string[]);
  };
  const wanted = [...CharacterDatasets.pilotScopes()];
  const shared = await scopes();
  await ceo.logIn(other, "?purpose=corporation");
  const asDirector = await scopes();
  await ceo.logIn(other, `?purpose=character&characterId=${other}`);

  expect(wanted.filter((scope) => !shared.has(scope))).toEqual([]);
  const both = [...wanted, ...CorporationDatasets.directorScopes()];
  expect(both.filter((scope) => !asDirector.has(scope))).toEqual([]);
  const renewed = await scopes();
  expect(both.filter((scope) => !renewed.has(scope))).toEqual([]);
});

test("the pilot's own page alone is told of a refresh of theirs, and not any more once the character has left", async () => {
  await browser.logIn(pilot, share(pilot));
  await work();
  const director = await directorOf(other);
  const open = async (who: Browser): Promise<Client> => {
    const { ticket } = (await who.post("/socket/ticket")).body.data;
    return (await sockets.open(["tapi.v1", `ticket.${ticket}`])) as Client;
  };
  const [own, foreign] = [await open(browser), await open(director)];
  const topic = `character:${pilot}`;
  const answers = [await own.subscribe(topic), await foreign.subscribe(topic)];
  await world.advance(3 * 3600);
  await browser.post(at("/datasets/wallet/refresh"));
  await work();
  await drain("realtime", realtime);
  const told = await own.next("dataset.refreshed");

  expect(answers).toMatchObject([
    { topics: [topic], refused: [] },
    { topics: [], refused: [topic] },
  ]);
  expect(told).toMatchObject({ topic, data: { characterId: pilot, dataset: "wallet" } });
});
