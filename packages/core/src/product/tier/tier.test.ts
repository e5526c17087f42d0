import { afterAll, beforeAll, expect, test } from "vitest";
import { corporationOf, type Pilot } from "../../../test/pilot.ts";
import { startWorld, type World } from "../../../test/world.ts";
import * as Audit from "../../audit/index.ts";
import * as Agenda from "../../engine/agenda/index.ts";
import * as Freshness from "../../engine/freshness/index.ts";
import { corporation } from "../../owner/index.ts";
import * as Corporation from "../../owners/corporation/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import * as Tier from "./index.ts";

let world: World;
let pilot: Pilot & { corporationId: number };

beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 12, assets: 50, journalPerDay: 1 }] });
  const [home] = (await world.truth()).corporations;
  pilot = await corporationOf(home?.ceo.characterId as number);
});
afterAll(() => world?.close());

const asAdmin = <T>(body: () => Promise<T>) => Actor.provide({ type: "system", name: "ann (command line)" }, body);

test("an administrator sets an owner's tier: it is scheduled, shown and listed by it from then on, and it is in the trail", async () => {
  const owner = corporation(pilot.corporationId);
  const [before] = await asAdmin(Tier.list);

  await asAdmin(() => Tier.set({ owner, tier: "P0" }));

  const [after] = await asAdmin(Tier.list);
  const { entries } = await asAdmin(() => Audit.list({ limit: 1 }));
  expect(before).toMatchObject({ kind: "corporation", id: owner.id, tier: "P1", active: true });
  expect(after).toEqual({ ...before, tier: "P0" });
  expect(await asAdmin(() => Agenda.find(owner))).toMatchObject({ tier: "P0", wakeAt: expect.any(Number) });
  expect((await pilot.as(() => Corporation.get({ corporationId: owner.id }))).tier).toBe("P0");
  expect((await pilot.as(() => Freshness.board({ owner })))[0]?.tier).toBe("P0");
  expect(entries).toMatchObject([
    { action: "owner.tier_set", subject: { kind: "corporation", id: owner.id, before: "P1", after: "P0" } },
  ]);
});

test("the tier that an owner has already changes nothing and is not in the trail", async () => {
  const owner = corporation(pilot.corporationId);
  const [{ tier = "P1" } = {}] = await asAdmin(Tier.list);
  const row = await asAdmin(() => Agenda.find(owner));
  const { entries } = await asAdmin(() => Audit.list({ limit: 1 }));

  await asAdmin(() => Tier.set({ owner, tier }));

  expect(await asAdmin(() => Agenda.find(owner))).toEqual(row);
  expect((await asAdmin(() => Audit.list({ limit: 1 }))).entries).toEqual(entries);
});

test("a change that was interrupted halfway is completed by the same one again", async () => {
  const owner = corporation(pilot.corporationId);
  const [{ tier = "P1" } = {}] = await asAdmin(Tier.list);
  await asAdmin(() => Agenda.setTier(owner, "P3"));

  await asAdmin(() => Tier.set({ owner, tier }));

  expect(await asAdmin(() => Agenda.find(owner))).toMatchObject({ tier });
});

test("an owner that is not enrolled has no tier", async () => {
  const nobody = corporation(pilot.corporationId + 1);

  await expect(asAdmin(() => Tier.set({ owner: nobody, tier: "P0" }))).rejects.toMatchObject({
    code: "owner.not_found",
  });
});

test("nobody but administrators lists owners or sets a tier", async () => {
  const owner = corporation(pilot.corporationId);
  const before = await asAdmin(Tier.list);

  for (const ask of [Tier.list, () => Tier.set({ owner, tier: "P3" })]) {
    await expect(pilot.as(ask as () => Promise<unknown>)).rejects.toMatchObject({ code: "request.no_such_route" });
  }
  expect(await asAdmin(Tier.list)).toEqual(before);
});
