import { randomInt } from "node:crypto";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import * as Owner from "../../owner/index.ts";
import * as Db from "../../platform/db/index.ts";
import * as State from "./index.ts";
import { states } from "./state.entity.ts";

const corporation = () => randomInt(98_000_000, 99_000_000);
const addedAt = Date.UTC(2026, 0, 1);
const registration = (corporationId: number) => ({ owner: Owner.corporation(corporationId), addedAt });
const outcome = { version: 1, rows: 3, failures: 0, refreshedAt: 1, staleAt: 1, nextAt: 1 };

test("of many workers one gets the lease", async () => {
  const corporationId = corporation();

  const leases = await Promise.all(
    Array.from({ length: 20 }, () => State.lease(registration(corporationId), "members", Date.now())),
  );

  expect(leases.filter((lease) => lease !== undefined)).toHaveLength(1);
});

test("a dataset that is not due is not leased, whoever asks", async () => {
  const corporationId = corporation();
  const state = await State.lease(registration(corporationId), "members", Date.now());
  await State.finish(state as State.State, { ...outcome, nextAt: Date.now() + 60_000 });

  const again = await State.lease(registration(corporationId), "members", Date.now());

  expect(again).toBeUndefined();
});

test("a detail is leased before it is due if its list has another version than it was made from, unless it failed", async () => {
  const later = { ...outcome, nextAt: Date.now() + 60_000, listVersion: 7 };
  const leasedWith = async (more: Partial<State.Outcome>, listVersion: number) => {
    const corporationId = corporation();
    const state = await State.lease(registration(corporationId), "contract-items", Date.now());
    await State.finish(state as State.State, { ...later, ...more });
    return (await State.lease(registration(corporationId), "contract-items", Date.now(), listVersion)) !== undefined;
  };

  const same = await leasedWith({}, 7);
  const newer = await leasedWith({}, 8);
  const failed = await leasedWith({ failures: 1 }, 8);

  expect([same, newer, failed]).toEqual([false, true, false]);
});

test("a worker whose lease ran out and was taken over cannot write its outcome", async () => {
  const corporationId = corporation();
  const now = Date.now();
  const first = await State.lease(registration(corporationId), "members", now);
  const second = await State.lease(registration(corporationId), "members", now + State.leaseMs);

  const late = State.finish(first as State.State, { ...outcome, rows: 666 });

  await expect(late).rejects.toBeInstanceOf(State.LeaseLostError);
  await State.finish(second as State.State, outcome);
  expect(await State.find(Owner.corporation(corporationId), "members")).toMatchObject({ rows: 3, fence: addedAt + 2 });
});

test("lease and finish cost one write unit each", async () => {
  const corporationId = corporation();

  const { consumed } = await Db.metered(async () => {
    const state = await State.lease(registration(corporationId), "members", Date.now());
    await State.finish(state as State.State, outcome);
  });

  expect(consumed.writeUnits).toBe(2);
});

test("lease numbers go on growing when a corporation is added again, and nobody of before gets a lease", async () => {
  const corporationId = corporation();
  const again = { owner: Owner.corporation(corporationId), addedAt: addedAt + 60_000 };
  const before = await State.lease(registration(corporationId), "members", Date.now());
  await State.disown(Owner.corporation(corporationId), addedAt + 50_000);
  await State.removeBefore(Owner.corporation(corporationId), "members", addedAt + 50_001);

  const after = await State.lease(again, "members", Date.now());

  expect(after?.fence).toBeGreaterThan(before?.fence as number);
  const late = { ...outcome, rows: 666 };
  await expect(State.finish(before as State.State, late)).rejects.toBeInstanceOf(State.LeaseLostError);
  await State.finish(after as State.State, outcome);
  expect(await State.lease(registration(corporationId), "members", Date.now())).toBeUndefined();
  expect(await State.find(Owner.corporation(corporationId), "members")).toMatchObject({ rows: 3 });
});

test("a row from before registrations were told apart is leased and finished as ever", async () => {
  const corporationId = corporation();
  await states()
    .put({ owner: `corporation#${corporationId}`, dataset: "members", fence: 17, version: 4, rows: 3 })
    .go();

  const state = (await State.lease(registration(corporationId), "members", Date.now())) as State.State;
  await State.finish(state, outcome);

  expect(state).toMatchObject({ fence: 18, version: 4 });
  expect(state.since).toBeUndefined();
  expect(await State.lease(registration(corporationId), "members", Date.now())).toMatchObject({ fence: 19 });
});

test("a row of an earlier release, which has its owner in the key alone, is found, leased and finished", async () => {
  const corporationId = corporation();
  const owner = Owner.corporation(corporationId);
  const { Item } = states()
    .put({ owner: Owner.keyOf(owner), dataset: "members", version: 4, rows: 3 })
    .params() as {
    Item: Record<string, unknown>;
  };
  const { owner: _, ...earlier } = Item;
  await Db.client().send(new PutCommand({ TableName: Db.table(), Item: { ...earlier, corporationId } }));

  const found = await State.find(owner, "members");
  const state = (await State.lease(registration(corporationId), "members", Date.now())) as State.State;
  const finished = await State.finish(state, outcome);

  expect([found, finished]).toMatchObject([
    { owner, version: 4 },
    { owner, version: 1 },
  ]);
  expect((await State.list(owner)).map(({ dataset }) => dataset)).toEqual(["members"]);
});
