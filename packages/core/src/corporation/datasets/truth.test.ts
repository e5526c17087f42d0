import { afterAll, beforeAll, expect, test } from "vitest";
import { corporationOf, type Pilot } from "../../../test/pilot.ts";
import { startWorld, type World } from "../../../test/world.ts";
import * as Actor from "../../actor/index.ts";
import { shapeOf } from "../../dataset/index.ts";
import * as Refresh from "../../refresh/index.ts";
import * as Snapshot from "../../snapshot/index.ts";
import * as Token from "../../token/index.ts";
import { datasets, get } from "./index.ts";
import { expected, isEmpty, type Row, type Source } from "./truth.fixture.ts";

let world: World;
let pilot: Pilot & { corporationId: number };

beforeAll(async () => {
  const small = Array.from({ length: 5 }, () => ({ members: 3, assets: 5, journalPerDay: 1 }));
  world = await startWorld({ corporations: [...small, { members: 120, assets: 3_000, journalPerDay: 60 }] });
  const last = (await world.truth()).corporations.at(-1);
  pilot = await corporationOf(last?.ceo.characterId as number);
  // Adding a corporation has read its public information.
  await world.advance(3600);
});
afterAll(() => world?.close());

const freshness = async (name: string) => {
  const board = await pilot.as(() => Refresh.board({ corporationId: pilot.corporationId }));
  return board.find(({ dataset }) => dataset === name) as Refresh.Freshness;
};

/** Refreshes what the dataset is made from, then itself, until nothing is left over. */
async function bring(name: string): Promise<Refresh.Freshness> {
  for (const other of get(name).after ?? []) await bring(other);
  for (let round = 0; ; round += 1) {
    await world.refresh(pilot.corporationId, name);
    const state = await freshness(name);
    const waits = Date.parse(state.nextAt ?? "") - Date.now();
    if (state.status !== "fresh" || waits > 61_000 || round === 8) return state;
    await world.advance(61);
  }
}

async function stored(name: string): Promise<Row[]> {
  Snapshot.clearCache();
  const dataset = get(name);
  if (dataset.storage === "snapshot") {
    return (await Snapshot.read(Refresh.address(pilot.corporationId, dataset), shapeOf(dataset))).rows();
  }
  const months = Refresh.monthsBetween("2024-01", new Date().toISOString().slice(0, 7));
  return (await Refresh.readLedger(pilot.corporationId, dataset, months)).rows();
}

/** ESI as others see it: with the director's token, so that it does not count as the product's own reading. */
async function ask(path: string, body: unknown): Promise<unknown> {
  const { accessToken } = await Actor.provide({ type: "system", name: "test" }, () =>
    Token.access({ characterId: pilot.characterId, purpose: "test", operation: "GetStatus" }),
  );
  const response = await fetch(`${world.eden.url}${path}`, {
    ...(body ? { method: "POST", body: JSON.stringify(body) } : {}),
    headers: {
      authorization: `Bearer ${accessToken}`,
      "x-compatibility-date": "2026-08-18",
      "user-agent": "tapi-test",
      "content-type": "application/json",
    },
  });
  return response.json();
}

const killmails = new Map<string, Promise<unknown>>();

const source: Source = {
  truth: async (name) => [await world.rows(pilot.corporationId, name)].flat(),
  about: async (items, ids) => {
    const path = `/corporations/${pilot.corporationId}/assets/${items}`;
    const batches = Array.from({ length: Math.ceil(ids.length / 1000) }, (_, at) =>
      ids.slice(at * 1000, (at + 1) * 1000),
    );
    return (await Promise.all(batches.map((batch) => ask(path, batch) as Promise<Row[]>))).flat();
  },
  killmail: (id, hash) => {
    const path = `/killmails/${id}/${hash}`;
    const answer = killmails.get(path) ?? ask(path, undefined);
    killmails.set(path, answer);
    return answer as Promise<Row>;
  },
  get characterId() {
    return pilot.characterId;
  },
};

const inOrder = (value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => a.localeCompare(b)))
    : value;

/** The rows as comparable texts, with these columns only. */
const essence = (rows: readonly Row[], columns: readonly string[]): string[] =>
  rows
    .map((row) =>
      JSON.stringify(
        columns.map((column) => row[column] ?? null),
        (_, value) => inOrder(value),
      ),
    )
    .sort();

async function expectTruth(name: string): Promise<void> {
  const truth = await expected(name, pilot.corporationId, source);
  const rows = (await stored(name)).filter((row) => !isEmpty(name, row));
  const columns = [...new Set(truth.flatMap((row) => Object.keys(row)))].sort();
  const keys = new Set(rows.map((row) => Snapshot.keyOf(shapeOf(get(name)), (column) => row[column])));
  expect(keys.size).toBe(rows.length);
  if (get(name).storage === "snapshot") expect(essence(rows, columns)).toEqual(essence(truth, columns));
  else
    expect(new Set(essence(rows, columns))).toEqual(new Set([...essence(rows, columns), ...essence(truth, columns)]));
}

for (const { name } of datasets) {
  test(`${name} equals New Eden's truth when it arrives, and again when the world has moved on`, async () => {
    const arrived = await bring(name);
    await expectTruth(name);
    await world.advance(5 * 3600);
    const again = await bring(name);

    await expectTruth(name);
    expect([arrived, again]).toMatchObject([{ status: "fresh" }, { status: "fresh" }]);
    expect([arrived.lastError, again.lastError, again.setAside]).toEqual([undefined, undefined, undefined]);
  });
}

test("none of it was fetched before its expiry, or beyond a budget", async () => {
  const stats = await world.control("stats");

  expect(stats).toMatchObject({ earlyExamples: [], sent429: 0, sent420: 0 });
});
