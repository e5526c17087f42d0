import * as Access from "@tapi/core/access";
import * as Character from "@tapi/core/identity/character";
import * as Owner from "@tapi/core/owner";
import { Datasets } from "@tapi/core/owners/corporation";
import * as Actor from "@tapi/core/platform/actor";
import * as Queue from "@tapi/core/platform/queue";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Message } from "../../../core/src/engine/refresh/message.ts";
import { corporationOf } from "../../../core/test/pilot.ts";
import { drain } from "../../../core/test/queues.ts";
import { startWorld, type World } from "../../../core/test/world.ts";
import { handler as tokenKeeper } from "../cron/token-keeper.ts";
import { handler } from "./refresh.ts";

const dataset = "wallets";
const { queue } = Datasets.get(dataset);
let world: World;

beforeAll(async () => {
  const small = { members: 10, assets: 2, journalPerDay: 1, historyDays: 1 };
  world = await startWorld({ corporations: [small, small], startsAt: "2026-06-03T12:30:00Z" });
});
afterAll(() => world?.close());

const asSystem = <T>(body: () => T): T => Actor.provide({ type: "system", name: "test" }, body);

const workers: Record<string, (corporationId: number) => Promise<unknown>> = {
  "a refresh": async (corporationId) => {
    await asSystem(() =>
      Queue.send(queue, Message, [
        { message: { owner: Owner.corporation(corporationId), datasets: [dataset], reason: "schedule" } },
      ]),
    );
    await drain(queue, handler);
  },
  "the hourly check of directors": () => tokenKeeper(),
};

test.each(Object.entries(workers))(
  "a character sold in the game leaves its user, and its corporation, when %s uses its token",
  async (name, work) => {
    const { corporations } = await world.truth();
    const { ceo } = corporations[Object.keys(workers).indexOf(name)] ?? corporations[0] ?? { ceo: { characterId: 0 } };
    const seller = await corporationOf(ceo.characterId);
    await drain(queue, handler);
    await world.control("owner", { characterId: ceo.characterId });
    await world.advance(3601);

    await work(seller.corporationId);

    expect(await Character.find(ceo.characterId)).toBeUndefined();
    expect(await Access.canRead(seller.userId, Owner.corporation(seller.corporationId))).toBe(false);
  },
);
