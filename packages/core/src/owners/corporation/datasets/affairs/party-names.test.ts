import { afterAll, beforeAll, expect, test } from "vitest";
import { corporationOf, type Pilot } from "../../../../../test/pilot.ts";
import { type Row, storedRows } from "../../../../../test/truth.ts";
import { startWorld, type World } from "../../../../../test/world.ts";
import * as Rows from "../../../../engine/rows/index.ts";
import * as Owner from "../../../../owner/index.ts";
import { datasets } from "../index.ts";

let world: World;
let pilot: Pilot & { corporationId: number };
beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 40, assets: 200, journalPerDay: 60, historyDays: 20 }] });
  const [home] = (await world.truth()).corporations;
  pilot = await corporationOf(home?.ceo.characterId as number);
  const lists = ["members", "wallet-journal", "wallet-transactions", "contracts", "recent-killmails", "killmails"];
  for (const dataset of lists) await world.refresh(pilot.corporationId, dataset);
  await world.refresh(pilot.corporationId, "party-names");
});
afterAll(() => world?.close());

const everyRow = async (dataset: string) => {
  const query = { owner: Owner.corporation(pilot.corporationId), dataset, from: "2020-01-01", limit: 500 };
  const rows: Row[] = [];
  let cursor: string | undefined;
  do {
    const page = await pilot.as(() => Rows.list({ ...query, cursor }));
    rows.push(...page.rows);
    cursor = page.meta.nextCursor;
  } while (cursor);
  return rows;
};

/** Ids in a column of parties that bear no name beside them. */
const nameless = (rows: readonly Row[], columns: readonly string[]) =>
  rows.flatMap((row) =>
    columns.flatMap((column) =>
      Number(row[column] ?? 0) > 1 && typeof row[`${column}_name`] !== "string" ? [row[column]] : [],
    ),
  );

test.each([
  ["wallet-journal", ["first_party_id", "second_party_id", "tax_receiver_id"]],
  ["wallet-transactions", ["client_id"]],
  ["contracts", ["issuer_id", "issuer_corporation_id", "assignee_id", "acceptor_id"]],
  ["killmails", ["victim_id", "victim_corporation_id", "victim_alliance_id", "final_blow_id"]],
])(
  "everybody in %s has a name: members, strangers, corporations and the corporation itself",
  async (dataset, columns) => {
    const rows = await everyRow(dataset);

    expect(rows.flatMap((row) => columns.filter((column) => row[column])).length).toBeGreaterThan(0);
    expect(nameless(rows, columns)).toEqual([]);
  },
);

test("those who took part in a kill are named inside its list of attackers", async () => {
  const rows = await everyRow("killmails");
  const attackers = rows.flatMap((row) => row.attackers as Row[]).filter(({ character_id }) => character_id);

  expect(attackers.length).toBeGreaterThan(0);
  expect(attackers.filter(({ character_id_name }) => typeof character_id_name !== "string")).toEqual([]);
});

test("a wallet's rows are found by the name of whom they were dealt with", async () => {
  const [transaction] = await everyRow("wallet-transactions");
  const { client_id, client_id_name: search } = transaction as { client_id: number; client_id_name: string };

  const { rows } = await pilot.as(() =>
    Rows.list({
      owner: Owner.corporation(pilot.corporationId),
      dataset: "wallet-transactions",
      search,
      from: "2020-01-01",
    }),
  );

  expect(rows.length).toBeGreaterThan(0);
  expect(rows.map((row) => row.client_id)).toContain(client_id);
});

test("names stay when ESI gives none any more, and nothing is asked for while nobody is new", async () => {
  const before = await storedRows(pilot.corporationId, "party-names");
  await world.advance(121);
  await world.refresh(pilot.corporationId, "party-names");
  await world.control("stats", undefined, "DELETE");
  await world.advance(16 * 60);
  await world.refresh(pilot.corporationId, "party-names");
  const { requests } = (await world.control("stats")) as { requests: Record<string, unknown> };
  await world.control("faults", { operationId: "PostUniverseNames", kind: "status", status: 500 });
  await world.advance(8 * 24 * 3600);
  await world.refresh(pilot.corporationId, "party-names");

  const after = await storedRows(pilot.corporationId, "party-names");
  expect(before.length).toBeGreaterThan(5);
  expect(requests).toEqual({});
  expect(after).toEqual(expect.arrayContaining(before));
});

/** Lists that bear the name beside the id. */
const namedInPlace = ["members.character_id", "npc-corporations.corporation_id", "party-names.party_id"];

test("no column of any dataset shows somebody's id without a name", () => {
  const somebody =
    /(^|_)(character|corporation|alliance|faction|issuer|acceptor|assignee|client|installer|creator|party|owner|ceo|victim|bidder|contact|shareholder)_id$/;
  const bare = datasets.flatMap(({ name, columns }) =>
    Object.entries(columns).flatMap(([column, { kind }]) =>
      somebody.test(column) && kind !== "party" && kind !== "character" ? [`${name}.${column}`] : [],
    ),
  );

  expect(bare).toEqual(namedInPlace);
});
