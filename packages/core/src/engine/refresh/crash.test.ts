import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { corporationOf, type Pilot } from "../../../test/pilot.ts";
import { none } from "../../../test/truth.ts";
import { type Cut, cutAfter, type Refusal, startWire, type Wire } from "../../../test/wire.ts";
import { startWorld, type World } from "../../../test/world.ts";
import * as Owner from "../../owner/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import * as Config from "../../platform/config/index.ts";
import * as Freshness from "../freshness/index.ts";

/** Variables that name a server of the product's; each gets a wire that can refuse, or fall silent. */
const servers = ["DYNAMODB_ENDPOINT", "KMS_ENDPOINT", "SQS_ENDPOINT", "ESI_BASE_URL"] as const;

let world: World;
let pilot: Pilot & { corporationId: number };
const wires = new Map<string, Wire>();
/** A second copy of every module, with connections and memory of its own: the worker in another process. */
let other: typeof import("./index.ts");
let freshness: typeof import("../freshness/index.ts");
let actor: typeof import("../../platform/actor/index.ts");
let config: typeof import("../../platform/config/index.ts");
let truth: typeof import("../../../test/truth.ts");

beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 12, assets: 1_100, journalPerDay: 10, historyDays: 8 }] });
  const [home] = (await world.truth()).corporations;
  vi.resetModules();
  await import("../../owners/index.ts");
  [other, freshness, actor, truth] = await Promise.all([
    import("./index.ts"),
    import("../freshness/index.ts"),
    import("../../platform/actor/index.ts"),
    import("../../../test/truth.ts"),
  ]);
  config = await import("../../platform/config/index.ts");
  config.get();
  for (const name of servers) {
    const wire = await startWire(process.env[name] as string);
    wires.set(name, wire);
    process.env[name] = wire.url;
  }
  Config.reset();
  pilot = await corporationOf(home?.ceo.characterId as number);
});
afterEach(() => {
  for (const wire of wires.values()) wire.mend();
});
afterAll(async () => {
  await Promise.all([...wires.values()].map((wire) => wire.close()));
  await world?.close();
});

const wire = (name: (typeof servers)[number]) => wires.get(name) as Wire;
const refresh = (dataset: string) => world.refresh(pilot.corporationId, dataset);
const refreshElsewhere = (dataset: string) =>
  actor.provide({ type: "system", name: "test" }, () =>
    other.run({ owner: Owner.corporation(pilot.corporationId), datasets: [dataset], reason: "schedule" }),
  );
const differenceOf = (dataset: string) =>
  truth.difference(dataset, {
    newEden: world.eden.url,
    corporationId: pilot.corporationId,
    characterId: pilot.characterId,
  });
const versionOf = async (dataset: string): Promise<number> => {
  const { userId, corporationId } = pilot;
  const board = await actor.provide({ type: "user", userId, sessionId: "test" }, () =>
    freshness.board({ owner: Owner.corporation(corporationId) }),
  );
  return board.find((each) => each.dataset === dataset)?.version as number;
};
const stateOf = async (dataset: string) => {
  const { corporationId } = pilot;
  // Not as the pilot, whose sight of the corporation has to be confirmed every few hours.
  const board = await Actor.provide({ type: "system", name: "test" }, () =>
    Freshness.board({ owner: Owner.corporation(corporationId) }),
  );
  return board.find((each) => each.dataset === dataset) as Freshness.Freshness;
};

/** Every dataset tested here has something new, and is due. */
async function live(): Promise<void> {
  const { corporationId } = pilot;
  await world.control("wallets", { corporationId, division: 1, amount: 1_000 });
  await world.control("trades", { corporationId, division: 1 });
  await world.control("assets", { corporationId, changeFraction: 0.01 });
  await world.advance(3700);
}

const setCut = (cut: Cut | undefined) => {
  for (const each of wires.values()) each.cut = cut;
};

/** Longer than a lease, and than a token's lock. */
const abandonedSeconds = 60;

for (const dataset of ["wallets", "assets", "wallet-journal"]) {
  test(`${dataset}: a worker killed at any call, and one that wakes up later, leave the truth, told once`, async () => {
    await refreshElsewhere(dataset);
    const outcomes: { calls: number; taken: object; woken: object; steps: number; rows: number }[] = [];
    for (let calls = 0, isDone = false; !isDone; calls += 1) {
      await live();
      const version = await versionOf(dataset);
      const cut = cutAfter(calls);
      setCut(cut);
      const victim = refresh(dataset).catch(() => {});

      await Promise.race([cut.reached, victim]);
      isDone = cut.left >= 0;
      await world.advance(abandonedSeconds);
      await refreshElsewhere(dataset);
      const taken = await differenceOf(dataset);
      setCut(undefined);
      for (const each of wires.values()) each.mend();
      await victim;

      const steps = (await versionOf(dataset)) - version;
      outcomes.push({ calls, taken, woken: await differenceOf(dataset), steps, rows: (await stateOf(dataset)).rows });
    }
    expect(outcomes.length).toBeGreaterThan(5);
    expect(outcomes).toEqual(outcomes.map(({ rows }, calls) => ({ calls, taken: none, woken: none, steps: 1, rows })));
    const stored = await truth.storedRows(pilot.corporationId, dataset);
    expect(outcomes.at(-1)?.rows).toBe(stored.length);
  });
}

const service = "com.amazonaws.dynamodb.v20120810";
const refusals: Record<string, Refusal> = {
  throttling: { status: 400, body: { __type: `${service}#ProvisionedThroughputExceededException`, message: "slow" } },
  conflicts: { status: 400, body: { __type: `${service}#TransactionConflictException`, message: "conflict" } },
  "server errors": { status: 500, body: { __type: `${service}#InternalServerError`, message: "internal" } },
};

for (const [kind, refusal] of Object.entries(refusals)) {
  test(`DynamoDB's ${kind}, every fifth call: what is stored in the end is the truth`, async () => {
    const datasets = ["wallets", "assets", "wallet-journal", "wallet-transactions"];
    let calls = 0;
    for (let round = 0; round < 2; round += 1) {
      await live();
      wire("DYNAMODB_ENDPOINT").refuse = () => {
        calls += 1;
        return calls % 5 === 0 ? refusal : undefined;
      };

      await Promise.all(datasets.map((dataset) => refresh(dataset).catch(() => {})));
    }
    wire("DYNAMODB_ENDPOINT").refuse = undefined;
    await live();
    await Promise.all(datasets.map(refresh));

    const found = await Promise.all(datasets.map(differenceOf));
    expect(found).toEqual(datasets.map(() => none));
  });
}

test("a failing KMS is no director's fault: the dataset waits, keeps its rows, and goes on by itself", async () => {
  await live();
  // Another address: no data key that is still in this process's memory serves there.
  const kms = await startWire(process.env.KMS_ENDPOINT as string);
  wires.set("KMS again", kms);
  process.env.KMS_ENDPOINT = kms.url;
  // The token's cipher is loaded at first use, and so with the second copy of the modules.
  config.reset();
  kms.refuse = () => ({ status: 500, body: { __type: "KMSInternalException", message: "internal" } });

  await refresh("wallets");
  const failed = await stateOf("wallets");
  kms.refuse = undefined;
  await live();
  await refresh("wallets");

  expect(failed).toMatchObject({ status: "failed", lastError: { code: "token.unavailable" } });
  expect(await stateOf("wallets")).toMatchObject({ status: "fresh" });
  expect(await differenceOf("wallets")).toEqual(none);
});

test("messages delivered three times, in any order, to two workers at once change each dataset once", async () => {
  const datasets = ["wallets", "assets", "wallet-journal", "wallet-transactions"];
  await live();
  await Promise.all(datasets.map(refresh));
  await live();
  const before = await Promise.all(datasets.map(versionOf));
  const deliveries = [...datasets, ...[...datasets].reverse(), ...datasets].flatMap((dataset) => [
    refresh(dataset),
    refreshElsewhere(dataset),
  ]);

  await Promise.all(deliveries);

  expect(await Promise.all(datasets.map(versionOf))).toEqual(before.map((version) => version + 1));
  expect(await Promise.all(datasets.map(differenceOf))).toEqual(datasets.map(() => none));
});
