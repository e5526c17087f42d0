import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { directorOf, type Pilot } from "../../../test/pilot.ts";
import { scan } from "../../../test/table.ts";
import { none } from "../../../test/truth.ts";
import { type Hold, holdBefore, startWire, type Wire } from "../../../test/wire.ts";
import { startWorld, type World } from "../../../test/world.ts";
import * as Token from "../../identity/token/index.ts";
import * as Owner from "../../owner/index.ts";
import * as Corporation from "../../owners/corporation/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import * as Config from "../../platform/config/index.ts";
import { collectionsOf } from "../collection/index.ts";
import * as Freshness from "../freshness/index.ts";

/** The worker's servers; whoever removes uses others, so that only the worker's calls are counted. */
const servers = ["DYNAMODB_ENDPOINT", "ESI_BASE_URL"] as const;

/** One of each way to fetch and to store: a list, a ledger, a detail, names. */
const kinds = [
  ["members", "first"],
  ["members", "next"],
  ["wallet-journal", "first"],
  ["contract-items", "next"],
  ["asset-names", "first"],
] as const;
/** What a kind is made from. */
const lists: Record<string, string[]> = {
  "contract-items": ["contracts"],
  "asset-names": ["assets"],
};

let world: World;
let corporationId: number;
let pilot: Pilot;
/** Another director, whose token no worker under way has. */
let other: Pilot;
let worker: typeof import("./index.ts");
let workersActor: typeof import("../../platform/actor/index.ts");
let truth: typeof import("../../../test/truth.ts");
const wires: Wire[] = [];

beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 30, assets: 200, journalPerDay: 5, historyDays: 3 }] });
  const [home] = (await world.truth()).corporations;
  corporationId = home?.corporationId as number;
  pilot = await directorOf(home?.ceo.characterId as number);
  other = await directorOf(
    home?.directors.find(({ characterId }) => characterId !== pilot.characterId)?.characterId as number,
  );
  // The worker is another process: modules, connections and memory of its own, behind the wires.
  const own: Record<string, string> = {};
  for (const name of servers) {
    own[name] = process.env[name] as string;
    const wire = await startWire(own[name]);
    wires.push(wire);
    process.env[name] = wire.url;
  }
  vi.resetModules();
  await import("../../owners/index.ts");
  [worker, workersActor] = await Promise.all([import("./index.ts"), import("../../platform/actor/index.ts")]);
  const config = await import("../../platform/config/index.ts");
  config.get();
  truth = await import("../../../test/truth.ts");
  Object.assign(process.env, own);
  Config.reset();
});
afterEach(() => {
  for (const wire of wires) wire.hold = undefined;
});
afterAll(async () => {
  await Promise.all(wires.map((wire) => wire.close()));
  await world?.close();
});

/** Keys of everything that is stored and names the corporation, but for what people are told of its past. */
async function storedOf(): Promise<string[]> {
  const items = await scan();
  const isMeant = ({ pk }: Record<string, unknown>) => pk === "audit" || /^(user|character|session)#/.test(String(pk));
  return items
    .filter((item) => JSON.stringify([item.pk, item.sk]).includes(String(corporationId)) && !isMeant(item))
    .map(({ pk, sk }) => `${pk} ${sk}`)
    .sort();
}

const work = (dataset: string) =>
  workersActor.provide({ type: "system", name: "test" }, () =>
    worker.run({ owner: Owner.corporation(corporationId), datasets: [dataset], reason: "schedule" }),
  );
const add = ({ as, characterId }: Pilot) => as(() => Corporation.add({ characterId }));
const remove = ({ as }: Pilot = pilot) => as(() => Corporation.remove({ corporationId }));

/** Who removes asks ESI with the same token: a worker that is held must not be renewing it just then. */
const renewToken = ({ characterId }: Pilot) =>
  Actor.provide({ type: "system", name: "test" }, async () => {
    await Token.access({ characterId, purpose: "test", operation: "GetStatus" });
  });

/** The corporation anew, with what the dataset needs, and the dataset due for its first or its next refresh. */
async function prepare(dataset: string, isFirst: boolean, who = pilot): Promise<void> {
  await add(who);
  for (const list of lists[dataset] ?? []) await world.refresh(corporationId, list);
  if (isFirst) return renewToken(who);
  await world.refresh(corporationId, dataset);
  await world.control("wallets", { corporationId, division: 1, amount: 1_000 });
  await world.control("assets", { corporationId, changeFraction: 0.05 });
  // Details are asked for when their list has changed, which it need not in two hours, and once a day.
  await world.advance(lists[dataset] ? 24 * 3600 : 7200);
  for (const list of lists[dataset] ?? []) await world.refresh(corporationId, list);
  await renewToken(who);
}

function holdAt(call: number): Hold {
  const hold = holdBefore(call);
  for (const wire of wires) wire.hold = hold;
  return hold;
}

/** Begins a refresh, runs `meanwhile` before its nth call, and has it end. False if it makes fewer calls. */
async function interrupt(dataset: string, call: number, meanwhile: () => Promise<unknown>): Promise<boolean> {
  const hold = holdAt(call);
  const refreshing = work(dataset).catch(() => {});
  await Promise.race([hold.reached, refreshing]);
  const isReached = hold.left < 0;
  if (isReached) await meanwhile();
  hold.release();
  await refreshing;
  // A message whose worker failed, or was killed, is delivered again.
  await work(dataset).catch(() => {});
  return isReached;
}

for (const [dataset, which] of kinds) {
  test(`of a corporation that is removed before any call of the ${which} refresh of ${dataset} nothing stays`, async () => {
    const left: Record<number, string[]> = {};
    let calls = 0;
    for (; ; calls += 1) {
      await prepare(dataset, which === "first");
      const isReached = await interrupt(dataset, calls, () => remove());
      if (!isReached) break;
      left[calls] = await storedOf();
    }
    await remove();

    expect(calls).toBeGreaterThan(6);
    expect(left).toEqual(Object.fromEntries(Array.from({ length: calls }, (_, call) => [call, []])));
    expect(await storedOf()).toEqual([]);
  }, 400_000);
}

test("a corporation that is removed and added again before any call of a worker has rows of its own, all of them", async () => {
  const dataset = "members";
  const found: unknown[] = [];
  for (let call = 0, isReached = true; isReached; call += 1) {
    await prepare(dataset, false);
    isReached = await interrupt(dataset, call, async () => {
      await remove();
      await prepare(dataset, true, other);
    });
    const who = isReached ? other : pilot;
    await world.refresh(corporationId, dataset);
    const subject = { newEden: world.eden.url, corporationId, characterId: who.characterId };
    const difference = await truth.difference(dataset, subject);
    const board = await who.as(() => Freshness.board({ owner: Owner.corporation(corporationId) }));
    found.push({ call, ...difference, status: board.find((each) => each.dataset === dataset)?.status });
    await remove(who);
  }
  expect(found).toEqual(found.map((_, call) => ({ call, ...none, status: "fresh" })));
  expect(await storedOf()).toEqual([]);
}, 400_000);

test("all months are deleted of a ledger whose first one nobody knows: thirty days may touch three", () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(Date.UTC(2027, 2, 1, 12));
  const names = collectionsOf(Corporation.Datasets.get("wallet-journal"));
  vi.useRealTimers();

  expect(names).toEqual(["wallet-journal/2027-01", "wallet-journal/2027-02", "wallet-journal/2027-03"]);
});

test("a worker killed at any call before the removal leaves nothing once its message comes again", async () => {
  const left: string[][] = [];
  for (let call = 0, isReached = true; isReached; call += 1) {
    await prepare("members", false);
    const hold = holdAt(call);
    const killed = work("members").catch(() => {});
    await Promise.race([hold.reached, killed]);
    isReached = hold.left < 0;
    await remove();
    hold.drop();
    await killed;
    for (const wire of wires) wire.hold = undefined;
    await work("members");
    left.push(await storedOf());
  }
  expect(left).toEqual(left.map(() => []));
}, 400_000);
