import { DeleteMessageCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { corporationOf } from "../../../test/pilot.ts";
import { startWorld, type World } from "../../../test/world.ts";
import * as Owner from "../../owner/index.ts";
import { corporations } from "../../owners/corporation/corporation.entity.ts";
import * as Actor from "../../platform/actor/index.ts";
import { queueUrl } from "../../platform/config/index.ts";
import * as Queue from "../../platform/queue/index.ts";
import type { RefreshQueue } from "../../platform/topology/index.ts";
import * as Agenda from "../agenda/index.ts";
import * as State from "../state/index.ts";
import * as Refresh from "./index.ts";

const asSystem = <T>(body: () => T): T => Actor.provide({ type: "system", name: "test" }, body);

let world: World;
let corporationId: number;

beforeAll(async () => {
  // The last of several: no other file of this run asks for a corporation with its number.
  const several = Array.from({ length: 9 }, () => ({ members: 12, assets: 40, journalPerDay: 1 }));
  world = await startWorld({ corporations: several });
  const last = (await world.truth()).corporations.at(-1);
  ({ corporationId } = await corporationOf(last?.ceo.characterId as number));
});
afterAll(() => world?.close());

/** The datasets of this corporation that are in a queue; the others' messages stay. */
async function queued(queue: RefreshQueue = "assets"): Promise<string[]> {
  const found: string[] = [];
  for (let empty = 0; empty < 2; ) {
    const { Messages = [] } = await Queue.client().send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl(queue), MaxNumberOfMessages: 10, VisibilityTimeout: 2 }),
    );
    empty = Messages.length === 0 ? empty + 1 : 0;
    for (const { Body = "{}", ReceiptHandle } of Messages) {
      const message = JSON.parse(Body) as Refresh.Message;
      if (message.owner.id !== corporationId) continue;
      found.push(...message.datasets);
      await Queue.client().send(new DeleteMessageCommand({ QueueUrl: queueUrl(queue), ReceiptHandle }));
    }
  }
  return found.sort();
}

test("what is made from a dataset is asked for as soon as all it is made from has arrived, and once", async () => {
  await queued();

  await world.refresh(corporationId, "assets");
  const afterAssets = await queued();
  await world.refresh(corporationId, "member-tracking");
  const afterTracking = await queued();
  await world.advance(2 * 3600);
  await world.refresh(corporationId, "assets");
  const afterSecond = await queued();

  expect(afterAssets).toContain("asset-names");
  expect(afterAssets).not.toContain("location-names");
  expect(afterTracking).toEqual(["location-names"]);
  expect(afterSecond).toEqual([]);
});

/** Lets time pass until a refresh of the corporation's contracts finds something new. */
async function refreshChanged(reason: Refresh.Message["reason"]): Promise<void> {
  const version = async () => (await State.find(Owner.corporation(corporationId), "contracts"))?.version;
  const before = await version();
  for (let hour = 0; hour < 48 && (await version()) === before; hour += 1) {
    await world.advance(3600);
    await asSystem(() => Refresh.run({ owner: Owner.corporation(corporationId), datasets: ["contracts"], reason }));
  }
}

test("details go at once where a person asked for their list or its tier is promised a minute, else in the next round", async () => {
  for (const name of ["contracts", "contract-items", "contract-bids"]) await world.refresh(corporationId, name);
  await queued("contracts");
  const details = ["contract-bids", "contract-items"];

  await refreshChanged("schedule");
  expect(await queued("contracts")).toEqual([]);

  await refreshChanged("user");
  expect(await queued("contracts")).toEqual(details);

  await corporations().patch({ corporationId }).set({ tier: "P0" }).go();
  await refreshChanged("schedule");
  expect(await queued("contracts")).toEqual(details);
});

test("a refresh that failed has its corporation looked at when the back-off ends, one that nobody can mend has not", async () => {
  const wakeAt = async () => (await Agenda.find(Owner.corporation(corporationId)))?.wakeAt ?? 0;
  const failing = async (fault: object) => {
    const sleepsUntil = Date.now() + 6 * 3_600_000;
    await asSystem(() => Agenda.wake(Owner.corporation(corporationId), "P3"));
    await Agenda.save(Owner.corporation(corporationId), { wakeAt: sleepsUntil, sent: {} });
    await world.advance(2 * 3600);
    await world.control("faults", fault);
    await world.refresh(corporationId, "orders");
    await world.control("faults", undefined, "DELETE");
    const { nextAt = 0 } = (await State.find(Owner.corporation(corporationId), "orders")) ?? {};
    return { wakeAt: await wakeAt(), nextAt, sleepsUntil };
  };

  const broken = await failing({ operationId: "GetCorporationsCorporationIdOrders", kind: "status", status: 500 });
  const blocked = await failing({ operationId: "GetCorporationsCorporationIdOrders", kind: "status", status: 403 });

  expect(broken.wakeAt).toBe(broken.nextAt);
  expect(blocked.wakeAt).toBe(blocked.sleepsUntil);
});
