import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { listenTo } from "../../../test/listener.ts";
import { corporationOf, type Pilot } from "../../../test/pilot.ts";
import { drain } from "../../../test/queues.ts";
import { startWorld, type World } from "../../../test/world.ts";
import * as Directors from "../../director/index.ts";
import * as Owner from "../../owner/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import type { Message } from "../../push/index.ts";
import type { State } from "../state/index.ts";
import { announceProgress } from "./announce.ts";

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
  await pushed();
});

/** Type and topic of the messages pushed since the last call. */
async function pushed(): Promise<string[]> {
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
  await Directors.announceFailure({ corporationId, director, reason: { code: "test", message: "" }, tokenDied });
}

test("a refresh is not announced without a subscriber of the corporation, whoever subscribes to another", async () => {
  const other = await listenTo(rival.corporationId);

  await refresh();

  expect(await pushed()).toEqual([]);
  await other.leave();
});

test("each refresh is announced from the first subscriber until the last one has left", async () => {
  const [first, second] = [await listenTo(home.corporationId), await listenTo(home.corporationId)];

  await refresh();
  const both = await pushed();
  await first.leave();
  await refresh();
  const one = await pushed();
  await second.leave();
  await refresh();
  const none = await pushed();

  const news = [`dataset.refreshed corporation:${home.corporationId}`];
  expect([both, one, none]).toEqual([news, news, []]);
});

test("progress is announced only to subscribers", async () => {
  const state = {
    owner: Owner.corporation(home.corporationId),
    dataset: "assets",
    fence: 1,
    version: 0,
    rows: 0,
    failures: 0,
  };
  const progress = () => Actor.provide({ type: "system", name: "test" }, () => announceProgress(state as State, 1, 2));

  await progress();
  const unsubscribed = await pushed();
  const listener = await listenTo(home.corporationId);
  await progress();

  expect(unsubscribed).toEqual([]);
  expect(await pushed()).toEqual([`dataset.progress corporation:${home.corporationId}`]);
  await listener.leave();
});

test("a pilot gets a dead token's notice without a subscriber, the corporation's users only with one", async () => {
  await fail(true);
  const unsubscribed = await pushed();
  const listener = await listenTo(home.corporationId);
  await fail(true);
  await listener.leave();

  const pilot = `token.died user:${home.userId}`;
  expect(unsubscribed).toEqual([pilot]);
  expect(await pushed()).toEqual([`director.failed corporation:${home.corporationId}`, pilot]);
});
