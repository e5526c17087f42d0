import "../../owners/index.ts";
import { randomInt } from "node:crypto";
import { DeleteMessageCommand, DeleteQueueCommand } from "@aws-sdk/client-sqs";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { startOwnStack } from "../../../test/dead-letter.ts";
import { receiveBatch } from "../../../test/queues.ts";
import { scan } from "../../../test/table.ts";
import * as Owner from "../../owner/index.ts";
import { datasets } from "../../owners/corporation/datasets/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import { queueUrl } from "../../platform/config/index.ts";
import * as Queue from "../../platform/queue/index.ts";
import { refreshQueues } from "../../platform/topology/index.ts";
import { paces, schedules } from "../agenda/agenda.entity.ts";
import * as Agenda from "../agenda/index.ts";
import type { Message } from "../refresh/index.ts";
import * as State from "../state/index.ts";
import * as Schedule from "./index.ts";

let stack: { close(): Promise<void> };
let corporationId: number;

/** Three in the afternoon in New Eden: no downtime near. */
const noon = Date.UTC(2027, 4, 5, 15);
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

beforeAll(async () => {
  stack = await startOwnStack();
});
afterAll(() => stack?.close());

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(noon);
  corporationId = randomInt(1_000_000, 99_000_000);
  await asSystem(() => Agenda.wake(Owner.corporation(corporationId), "P1"));
});
afterEach(async () => {
  await asSystem(() => Agenda.remove(Owner.corporation(corporationId), Date.now()));
  await queued();
  vi.useRealTimers();
});

const asSystem = <T>(body: () => T): T => Actor.provide({ type: "system", name: "test" }, body);
const tick = () => asSystem(Schedule.tick);
const later = (ms: number) => vi.setSystemTime(Date.now() + ms);

/** What lies in all refresh queues for this test's corporation; they are empty afterwards. */
async function queued(): Promise<string[]> {
  const found: string[] = [];
  for (const queue of refreshQueues) {
    const { waiting } = await Queue.depth(queue).catch(() => ({ waiting: 0 }));
    if (waiting === 0) continue;
    for (let batch = await receiveBatch(queue); batch.length > 0; batch = await receiveBatch(queue)) {
      for (const { Body = "", ReceiptHandle } of batch) {
        const message = JSON.parse(Body) as Message;
        if (message.owner.id === corporationId) found.push(...message.datasets);
        await Queue.client().send(new DeleteMessageCommand({ QueueUrl: queueUrl(queue), ReceiptHandle }));
      }
    }
  }
  return found.sort();
}

const first = datasets
  .filter(({ after = [] }) => after.length === 0)
  .map(({ name }) => name)
  .sort();

const registration = () => ({ owner: Owner.corporation(corporationId), addedAt: noon - 60 * minuteMs });

/** Leaves every dataset as a refresh leaves it that was done now. */
async function refreshAll(nextAt: number, except: string[] = []): Promise<void> {
  for (const { name } of datasets) {
    if (except.includes(name)) continue;
    const state = await State.lease(registration(), name, Date.now());
    if (!state) throw new Error(`${name} is held`);
    const { fence: _f, since: _s, leaseUntil: _l, owner: _o, dataset: _d, ...kept } = state;
    const versions = { version: 1, listVersion: 1 };
    await State.finish(state, { ...kept, ...versions, refreshedAt: Date.now(), staleAt: nextAt, nextAt });
  }
}

test("a new corporation gets everything that waits for nothing else, once", async () => {
  const result = await tick();
  const sent = await queued();
  later(minuteMs);
  await tick();

  expect(sent).toEqual(first);
  expect(result).toMatchObject({ sent: first.length, byTier: { P1: first.length } });
  expect(await queued()).toEqual([]);
});

test("what a round has put into a busy queue is remembered for the next round, which learns from it how fast the workers are", async () => {
  // More than the workers of this queue take at once: less is sent without asking how many wait.
  const others = Array.from({ length: 11 }, (_, index) => corporationId + 100_000_000 + index);
  await asSystem(() => Promise.all(others.map((each) => Agenda.wake(Owner.corporation(each), "P1"))));
  const remembered = async () => (await paces().get({}).go()).data?.paces as Record<string, object> | undefined;

  await tick();
  const { assets } = (await remembered()) ?? {};
  await asSystem(() => Promise.all(others.map((each) => Agenda.remove(Owner.corporation(each), Date.now()))));
  await queued();
  later(minuteMs);
  await tick();
  const { assets: next } = (await remembered()) ?? {};

  expect(assets).toEqual({ perMinute: expect.any(Number), waiting: expect.any(Number), at: noon });
  expect((assets as { waiting: number }).waiting).toBeGreaterThan(others.length);
  // Hardly anything was due: nobody asked how many wait.
  expect(next).toEqual({ perMinute: (assets as { perMinute: number }).perMinute, at: noon + minuteMs });
});

test("nothing is sent before its expiry, and everything that has expired soon after", async () => {
  await refreshAll(noon + 30 * minuteMs);

  const early: string[] = [];
  for (let minute = 0; minute < 30; minute += 5) {
    await tick();
    early.push(...(await queued()));
    later(5 * minuteMs);
  }
  later(3 * minuteMs);
  await tick();

  expect(early).toEqual([]);
  expect(await queued()).toEqual(datasets.map(({ name }) => name).sort());
});

test("a message that was lost is sent again after ten minutes", async () => {
  await tick();
  await queued();

  later(9 * minuteMs);
  await tick();
  const soon = await queued();
  later(2 * minuteMs);
  await tick();

  expect(soon).toEqual([]);
  expect(await queued()).toEqual(first);
});

test("what a worker holds is left to it", async () => {
  await refreshAll(noon + 60 * minuteMs, ["wallets"]);
  await State.lease(registration(), "wallets", Date.now());

  await tick();

  expect(await queued()).toEqual([]);
});

test("a corporation that was removed while it was looked at does not come back", async () => {
  const round = tick();
  await asSystem(() => Agenda.remove(Owner.corporation(corporationId), Date.now()));
  await round;

  const rows = (await scan()).filter(
    ({ pk, sk }) => `${pk}`.startsWith("schedule#") && `${sk}`.includes(`${corporationId}`),
  );

  expect(rows).toEqual([]);
});

test("during the daily downtime nothing is sent while EVE does not answer", async () => {
  vi.setSystemTime(Date.UTC(2027, 4, 5, 11, 5));

  await tick();

  expect(await queued()).toEqual([]);
});

test("somebody who has just added a corporation does not wait for the next round", async () => {
  await asSystem(() => Schedule.dispatchNow(Owner.corporation(corporationId)));

  expect(await queued()).toEqual(first);
});

test("a corporation that nobody has looked at for weeks is refreshed later, and from the first look on as its tier says", async () => {
  const owner = Owner.keyOf(Owner.corporation(corporationId));
  await schedules()
    .put({ shard: corporationId % 16, owner, tier: "P1", wakeAt: noon, sent: {}, viewedAt: noon - 20 * dayMs })
    .go();
  await refreshAll(noon + 60 * minuteMs);
  // Longer than one of its tier waits to be batched, and not yet as long as one that nobody looks at.
  later(60 * minuteMs + 155_000);

  await tick();
  const unseen = await queued();
  await Agenda.viewed(Owner.corporation(corporationId));
  await tick();

  expect(unseen).toEqual([]);
  expect(await queued()).toEqual(datasets.map(({ name }) => name).sort());
});

test("looks are written down once in ten minutes", async () => {
  const viewedAt = async () => ((await Agenda.find(Owner.corporation(corporationId)))?.viewedAt ?? 0) - noon;
  const seen: number[] = [];

  for (const minutes of [11, 5, 6]) {
    later(minutes * minuteMs);
    await Agenda.viewed(Owner.corporation(corporationId));
    seen.push(await viewedAt());
  }

  expect(seen).toEqual([11 * minuteMs, 11 * minuteMs, 22 * minuteMs]);
});

test("a look at a corporation that is not scheduled does not schedule it", async () => {
  await asSystem(() => Agenda.remove(Owner.corporation(corporationId), Date.now()));
  later(11 * minuteMs);

  await Agenda.viewed(Owner.corporation(corporationId));

  expect(await Agenda.find(Owner.corporation(corporationId))).toBeUndefined();
});

test("a detail whose list has changed goes to its worker, and the others stay where they are", async () => {
  await refreshAll(noon + 60 * minuteMs);
  const list = await State.leaseAnyway(registration(), "contracts");
  if (!list) throw new Error("the list is held");
  const { fence: _f, since: _s, leaseUntil: _l, owner: _o, dataset: _d, ...kept } = list;
  await State.finish(list, { ...kept, version: 2, changedAt: noon });
  later(3 * minuteMs);

  await tick();

  expect(await queued()).toEqual(["contract-bids", "contract-items"]);
});

// The last one: it takes a queue away.
test("a queue that takes no messages keeps nothing from the others, and is told", async () => {
  await Queue.client().send(new DeleteQueueCommand({ QueueUrl: queueUrl("assets") }));

  const round = tick();

  await expect(round).rejects.toThrow();
  const ofAssets = datasets.filter(({ queue }) => queue === "assets").map(({ name }) => name);
  expect(await queued()).toEqual(first.filter((name) => !ofAssets.includes(name)));
});
