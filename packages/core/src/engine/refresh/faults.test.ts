import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { corporationOf, type Pilot } from "../../../test/pilot.ts";
import { difference, none, type Row, storedRows } from "../../../test/truth.ts";
import { startWorld, type World } from "../../../test/world.ts";
import * as Owner from "../../owner/index.ts";
import * as Datasets from "../../owners/corporation/datasets/index.ts";
import * as Snapshot from "../../snapshot/index.ts";
import { shapeOf } from "../dataset/index.ts";
import * as Freshness from "../freshness/index.ts";

type Home = Pilot & { corporationId: number };

/** One dataset of each class, each in a corporation of its own, so that a class's fault is nobody else's. */
const classes = {
  "public single": { dataset: "public-info", after: [] },
  "single list": { dataset: "wallets", after: [] },
  "plain ids": { dataset: "members", after: [] },
  "paged snapshot": { dataset: "assets", after: [] },
  "paged ledger by division": { dataset: "wallet-journal", after: [] },
  "from_id ledger": { dataset: "wallet-transactions", after: [] },
  "details of a list": { dataset: "contract-items", after: ["contracts"] },
  "cursor feed": { dataset: "projects", after: [] },
} as const;

type ClassName = keyof typeof classes;
const classNames = Object.keys(classes) as ClassName[];

/** Of a rate-limit group that none of the classes draws on: whatever befalls them, it must be on time. */
const bystander = "titles";

const status = (code: number) => ({ kind: "status", status: code });

const faults: Record<string, { kind: string } & Record<string, unknown>> = {
  "403": status(403),
  "401": status(401),
  "404": status(404),
  "420": { kind: "error_limited", retryAfterSeconds: 30 },
  "429 with headers": { kind: "rate_limited", retryAfterSeconds: 60 },
  "429 without headers": { kind: "rate_limited", headers: false },
  "500": status(500),
  "502": status(502),
  "503": status(503),
  "504": status(504),
  "520": status(520),
  latency: { kind: "latency", latencyMs: 50 },
  timeout: { kind: "timeout" },
  reset: { kind: "reset" },
  truncated: { kind: "truncated" },
  malformed: { kind: "malformed" },
  bad_row: { kind: "bad_row" },
  page_shift: { kind: "page_shift" },
  page_count: { kind: "page_count" },
  partial_304: { kind: "partial_304" },
  cursor_loop: { kind: "cursor_loop" },
  duplicate_ids: { kind: "duplicate_ids" },
  empty: { kind: "empty" },
  "an error with status 200": { kind: "wrong_body", body: "error" },
  "null with status 200": { kind: "wrong_body", body: "null" },
  "null among the items": { kind: "wrong_body", body: "null_item" },
  "204": { kind: "wrong_body", body: "no_content" },
  "a redirect to elsewhere": { kind: "redirect", location: "http://127.0.0.1:1{path}" },
  "two encodings": { kind: "encoding", encoding: "gzip, br" },
  clock_skew: { kind: "clock_skew", skewSeconds: 300 },
};

let world: World;
const owners = new Map<ClassName, Home>();
const ownerOf = (name: ClassName) => owners.get(name) as Home;

/** Waits of a quarter of a minute and more (ESI's time limit for an answer, not the SSO's) pass a hundred times faster. */
function hurryTimeLimits(): () => void {
  const original = globalThis.setTimeout;
  globalThis.setTimeout = Object.assign(
    (callback: () => void, ms = 0, ...rest: []) => original(callback, ms >= 15_000 ? ms / 100 : ms, ...rest),
    original,
  ) as typeof setTimeout;
  return () => {
    globalThis.setTimeout = original;
  };
}

let restore: () => void;

beforeAll(async () => {
  restore = hurryTimeLimits();
  const plan = (name: ClassName) => ({
    members: 12,
    assets: name === "paged snapshot" ? 1_200 : 10,
    journalPerDay: name.includes("ledger") ? 20 : 2,
    historyDays: 10,
  });
  world = await startWorld({ corporations: classNames.map(plan) });
  const { corporations } = await world.truth();
  for (const [index, name] of classNames.entries()) {
    owners.set(name, await corporationOf(corporations[index]?.ceo.characterId as number));
  }
  await world.advance(3 * 3600);
  await mendAll();
});
afterAll(async () => {
  restore?.();
  await world?.close();
});

const stateOf = async ({ as, corporationId }: Home, dataset: string): Promise<Freshness.Freshness> =>
  (await as(() => Freshness.board({ owner: Owner.corporation(corporationId) }))).find(
    (each) => each.dataset === dataset,
  ) as Freshness.Freshness;

async function refreshClass(name: ClassName): Promise<void> {
  const { corporationId } = ownerOf(name);
  const { dataset, after } = classes[name];
  for (const other of [...after, dataset]) await world.refresh(corporationId, other);
}

/** Longer than any back-off after a few failures, and than a round of details waits for the next one. */
const nextTrySeconds = 600;

/** Whether a class has all that there is to have: details come in several rounds, a minute apart. */
async function isMended(name: ClassName): Promise<boolean> {
  const { status, nextAt } = await stateOf(ownerOf(name), classes[name].dataset);
  const isUnfinished = name === "details of a list" && Date.parse(nextAt ?? "") - Date.now() < 61_000;
  return status === "fresh" && !isUnfinished;
}

/** Refreshes every class until each has all that there is to have. */
async function mendAll(): Promise<void> {
  for (let round = 0; round < 4; round += 1) {
    await Promise.all(classNames.map(refreshClass));
    const mended = await Promise.all(classNames.map(isMended));
    if (!mended.includes(false)) return;
    await world.advance(nextTrySeconds);
  }
}

const subjectOf = (name: ClassName) => ({
  newEden: world.eden.url,
  corporationId: ownerOf(name).corporationId,
  characterId: ownerOf(name).characterId,
});
const differenceOf = (name: ClassName) => difference(classes[name].dataset, subjectOf(name));

const storedOf = (name: ClassName): Promise<Row[]> => storedRows(ownerOf(name).corporationId, classes[name].dataset);

const keysOf = (name: ClassName, rows: readonly Row[]) => {
  const shape = shapeOf(Datasets.get(classes[name].dataset));
  return rows.map((row) => Snapshot.keyOf(shape, (column) => row[column]));
};

const inject = (name: ClassName, fault: object) =>
  world.control("faults", {
    operationId: Datasets.get(classes[name].dataset).operations[0],
    corporationId: ownerOf(name).corporationId,
    ...fault,
  });

/** Rows that went although ESI still hands them out. A copy that is wholly true has lost none. */
async function lostKeys(name: ClassName, before: readonly Row[], after: readonly Row[]): Promise<unknown[]> {
  const kept = new Set(keysOf(name, after));
  const gone = keysOf(name, before).filter((key) => !kept.has(key));
  if (gone.length === 0) return [];
  const { missing } = await differenceOf(name);
  return missing.length === 0 ? [] : gone;
}

/** Something of every class changes while the fault lasts. */
async function live(): Promise<void> {
  await Promise.all([
    world.control("wallets", { corporationId: ownerOf("single list").corporationId, division: 2, amount: 1_000 }),
    world.control("assets", { corporationId: ownerOf("paged snapshot").corporationId, changeFraction: 0.02 }),
    world.control("members", { corporationId: ownerOf("plain ids").corporationId, join: 1 }),
  ]);
  await world.advance(3700);
}

describe("each fault of ESI, on one dataset of each class", () => {
  beforeEach(() => world.control("faults", undefined, "DELETE"));

  for (const [fault, input] of Object.entries(faults)) {
    test(`${fault}: nothing is lost, doubled or deleted wrongly, and no other dataset is late`, async () => {
      const before = new Map(await Promise.all(classNames.map(async (name) => [name, await storedOf(name)] as const)));
      await live();
      const began = Date.now();
      await Promise.all(classNames.map((name) => inject(name, input)));

      await Promise.all(classNames.map(refreshClass));
      // A 420 shuts every route until its reset.
      if (fault === "420") await world.advance(31);
      await Promise.all(classNames.map((name) => world.refresh(ownerOf(name).corporationId, bystander)));
      const during = await Promise.all(
        classNames.map(async (name) => {
          const after = await storedOf(name);
          const bystanding = await stateOf(ownerOf(name), bystander);
          return {
            name,
            lost: await lostKeys(name, before.get(name) as Row[], after),
            doubled: after.length - new Set(keysOf(name, after)).size,
            isLate: Date.parse(bystanding.refreshedAt ?? "") < began,
          };
        }),
      );
      await world.control("faults", undefined, "DELETE");
      // An item that answered 404 is asked for again a day later.
      await world.advance(fault === "404" ? 25 * 3600 : 3700);
      await mendAll();
      const healed = await Promise.all(classNames.map(async (name) => ({ name, ...(await differenceOf(name)) })));

      expect(during).toEqual(classNames.map((name) => ({ name, lost: [], doubled: 0, isLate: false })));
      expect(healed).toEqual(classNames.map((name) => ({ name, ...none })));
    });
  }
});
