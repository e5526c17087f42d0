import { DeleteMessageCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { corporationOf } from "../../test/pilot.ts";
import { startWorld, type World } from "../../test/world.ts";
import { queueUrl } from "../config/index.ts";
import * as Queue from "../queue/index.ts";

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

/** The datasets of this corporation that are in the queue of assets and names; the others' messages stay. */
async function queued(): Promise<string[]> {
  const found: string[] = [];
  for (let empty = 0; empty < 2; ) {
    const { Messages = [] } = await Queue.client().send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl("assets"), MaxNumberOfMessages: 10, VisibilityTimeout: 2 }),
    );
    empty = Messages.length === 0 ? empty + 1 : 0;
    for (const { Body = "{}", ReceiptHandle } of Messages) {
      const message = JSON.parse(Body) as { corporationId: number; dataset: string };
      if (message.corporationId !== corporationId) continue;
      found.push(message.dataset);
      await Queue.client().send(new DeleteMessageCommand({ QueueUrl: queueUrl("assets"), ReceiptHandle }));
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
