import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { listenTo } from "../../test/listener.ts";
import { corporationOf, type Pilot } from "../../test/pilot.ts";
import { drain } from "../../test/queues.ts";
import { startWorld, type World } from "../../test/world.ts";
import * as Actor from "../actor/index.ts";
import * as Directors from "../corporation/directors.ts";
import type { State } from "../refresh/state.ts";
import type { Message } from "./message.ts";
import * as Publish from "./publish.ts";

type Director = Pilot & { corporationId: number };

let world: World;
let home: Director;
let rival: Director;

beforeAll(async () => {
  const small = { members: 12, assets: 10, journalPerDay: 1 };
  world = await startWorld({ corporations: [small, small] });
  const [first, second] = (await world.truth()).corporations;
  home = await corporationOf(first?.ceo.characterId as number);
  rival = await corporationOf(second?.ceo.characterId as number);
});
afterAll(() => world?.close());

beforeEach(async () => {
  await told();
});

/** What was pushed since the last look: type and topic. */
async function told(): Promise<string[]> {
  const found: string[] = [];
  await drain("realtime", async ({ Records }) => {
    for (const { body } of Records) {
      const { type, topic } = JSON.parse(body) as Message;
      found.push(`${type} ${topic}`);
    }
    return { batchItemFailures: [] };
  });
  return found.sort();
}

async function refresh(): Promise<void> {
  await world.advance(2 * 3600);
  await world.refresh(home.corporationId, "wallets");
}

async function fail(tokenDied: boolean): Promise<void> {
  const { corporationId } = home;
  const [director] = await Directors.loadUnchecked(corporationId);
  if (!director) throw new Error("the corporation has no director");
  await Publish.directorFailed({ corporationId, director, reason: { code: "test", message: "" }, tokenDied });
}

test("a refresh is told to nobody while nobody listens to the corporation, whoever listens to another", async () => {
  const other = await listenTo(rival.corporationId);

  await refresh();

  expect(await told()).toEqual([]);
  await other.leave();
});

test("from the first listener on each refresh is told, until the last one has left", async () => {
  const [first, second] = [await listenTo(home.corporationId), await listenTo(home.corporationId)];

  await refresh();
  const both = await told();
  await first.leave();
  await refresh();
  const one = await told();
  await second.leave();
  await refresh();
  const none = await told();

  const news = [`dataset.refreshed corporation:${home.corporationId}`];
  expect([both, one, none]).toEqual([news, news, []]);
});

test("how far a fetch is concerns listeners only", async () => {
  const state = { corporationId: home.corporationId, dataset: "assets", fence: 1, version: 0, rows: 0, failures: 0 };
  const progress = () =>
    Actor.provide({ type: "system", name: "test" }, () => Publish.datasetProgress(state as State, 1, 2));

  await progress();
  const unheard = await told();
  const listener = await listenTo(home.corporationId);
  await progress();

  expect(unheard).toEqual([]);
  expect(await told()).toEqual([`dataset.progress corporation:${home.corporationId}`]);
  await listener.leave();
});

test("a pilot is told of a dead token although nobody listens, the corporation's people if one of them does", async () => {
  await fail(true);
  const unheard = await told();
  const listener = await listenTo(home.corporationId);
  await fail(true);
  await listener.leave();

  const pilot = `token.died user:${home.userId}`;
  expect(unheard).toEqual([pilot]);
  expect(await told()).toEqual([`director.failed corporation:${home.corporationId}`, pilot]);
});
