import { randomInt } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { corporationOf, directorOf, type Pilot } from "../../../test/pilot.ts";
import { putRows } from "../../../test/rows.ts";
import { startWorld, type World } from "../../../test/world.ts";
import * as Owner from "../../owner/index.ts";
import { get as getDataset } from "../../owners/corporation/datasets/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import { delta } from "../../snapshot/snapshot.entity.ts";
import { address } from "../collection/index.ts";
import type { Row } from "../dataset/index.ts";
import * as Rows from "../rows/index.ts";
import * as History from "./index.ts";

let world: World;
let pilot: Pilot & { corporationId: number };
let rival: Pilot;

beforeAll(async () => {
  const size = { members: 30, assets: 400, journalPerDay: 20 };
  world = await startWorld({ corporations: [size, size] });
  const [home, other] = (await world.truth()).corporations;
  pilot = await corporationOf(home?.ceo.characterId as number);
  rival = await directorOf(other?.ceo.characterId as number);
});
afterAll(() => world?.close());

let corporationId: number;
beforeEach(() => {
  corporationId = randomInt(2 ** 40);
});

const asSystem = <T>(body: () => T): T => Actor.provide({ type: "system", name: "test" }, body);
const iso = () => new Date().toISOString();

/** Makes these rows a dataset's next version, a minute after whatever was before; the moment just after it. */
async function put(dataset: string, rows: Row[]): Promise<string> {
  await world.advance(60);
  await putRows(Owner.corporation(corporationId), getDataset(dataset), rows);
  const moment = iso();
  await world.advance(60);
  return moment;
}

const feed = (input: Partial<Parameters<typeof History.feed>[0]> = {}) =>
  asSystem(() => History.feed({ owner: Owner.corporation(corporationId), ...input }));
const texts = async (input: Partial<Parameters<typeof History.feed>[0]> = {}) =>
  (await feed(input)).entries.map(({ text }) => text);

const member = (character_id: number, name: string) => ({ character_id, name });
const wallet = (division: number, balance: number) => ({ division, balance });

test("the feed tells newest first, over all datasets, what happened in the game's words", async () => {
  await put("members", [member(1, "Aria"), member(2, "Kael")]);
  await put("wallets", [wallet(1, 100)]);
  await put("roles", [{ character_id: 2, roles: "Accountant" }]);
  await put("members", [member(1, "Aria"), member(3, "Mira")]);
  await put("wallets", [wallet(1, 1_000_100.5)]);
  await put("roles", [{ character_id: 2, roles: "Director, Trader" }]);

  const { entries, nextCursor } = await feed();

  expect(entries.map(({ kind, text }) => [kind, text])).toEqual([
    ["role.changed", "2 gained Director, Trader and lost Accountant"],
    ["isk.in", "Master wallet: +1,000,000.5 ISK, now 1,000,100.5 ISK"],
    ["member.joined", "Mira joined"],
    ["member.left", "Kael left"],
  ]);
  expect(entries[1]).toMatchObject({
    dataset: "wallets",
    title: "Wallet balances",
    change: "changed",
    row: { division: 1, balance: 1_000_100.5 },
    before: { balance: 100 },
    after: { balance: 1_000_100.5 },
  });
  expect(nextCursor).toBeUndefined();
});

const contract = { type: "courier", availability: "personal", issuer_id: 1, issuer_name: "Aria", assignee_id: 0 };
const order = {
  type_id: 34,
  price: 5,
  volume_total: 500,
  range: "region",
  duration: 90,
  issued: "2026-11-01T00:00:00Z",
};
const structure = { type_id: 35832, system_id: 30000142, profile_id: 1, name: "Keep" };
const asset = { type_id: 34, location_id: 60003760, location_type: "station", is_singleton: false };

test.each<[string, Row[], Row[], string, string]>([
  [
    "contracts",
    [{ contract_id: 1, status: "outstanding", title: "Ore", ...contract }],
    [{ contract_id: 1, status: "in_progress", title: "Ore", ...contract, acceptor_name: "Hauler" }],
    "contract.status",
    'Contract "Ore" (courier): outstanding, now in progress by Hauler',
  ],
  [
    "orders",
    [{ order_id: 1, is_buy_order: false, volume_remain: 500, ...order }],
    [{ order_id: 1, is_buy_order: false, volume_remain: 380, ...order }],
    "order.filled",
    "120 x Tritanium sold at 5 ISK, 380 left",
  ],
  [
    "structures",
    [{ structure_id: 1, state: "shield_vulnerable", ...structure }],
    [{ structure_id: 1, state: "armor_reinforce", state_timer_end: "2026-11-21T19:00:00Z", ...structure }],
    "structure.state",
    "Keep: shield vulnerable, now armor reinforce, until 2026-11-21 19:00 UTC",
  ],
  [
    "assets",
    [{ item_id: 1, quantity: 1000, location_flag: "CorpSAG1", ...asset }],
    [{ item_id: 1, quantity: 1000, location_flag: "CorpSAG2", ...asset }],
    "asset.moved",
    "1,000 x Tritanium moved from Jita IV - Moon 4 - Caldari Navy Assembly Plant (hangar 1) to Jita IV - Moon 4 - Caldari Navy Assembly Plant (hangar 2)",
  ],
  [
    "assets",
    [{ item_id: 1, quantity: 1, location_flag: "Hangar", ...asset }],
    [],
    "asset.removed",
    "Tritanium is gone from Jita IV - Moon 4 - Caldari Navy Assembly Plant (Hangar)",
  ],
  [
    "standings",
    [{ from_id: 500001, from_type: "faction", standing: 1.5, name: "Caldari State" }],
    [{ from_id: 500001, from_type: "faction", standing: 2.5, name: "Caldari State" }],
    "row.changed",
    "Caldari State, faction, 2.5: Standing 1.5, now 2.5",
  ],
])("%s: a change reads as people say it", async (dataset, before, after, kind, text) => {
  await put(dataset, before);
  await put(dataset, after);

  const { entries } = await feed({ dataset });

  expect(entries.map((entry) => [entry.kind, entry.text])).toEqual([[kind, text]]);
});

test("every change of the feed comes once, page by page, while new ones arrive", async () => {
  await put("members", []);
  await put("wallets", [wallet(1, 0)]);
  for (let round = 1; round <= 6; round += 1) {
    await put(
      "members",
      Array.from({ length: round * 3 }, (_, at) => member(at + 1, `Pilot ${at + 1}`)),
    );
    await put("wallets", [wallet(1, round)]);
  }

  const whole = await texts({ limit: 200 });
  const paged: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await feed({ limit: 3, cursor });
    paged.push(...page.entries.map(({ text }) => text));
    cursor = page.nextCursor;
    await put("wallets", [wallet(1, 1000 + paged.length)]);
  } while (cursor);

  expect(whole).toHaveLength(6 * 4);
  expect(paged).toEqual(whole);
  await expect(feed({ cursor: "nonsense" })).rejects.toMatchObject({ code: "history.bad_cursor" });
});

test("the feed keeps to the period asked for", async () => {
  await put("wallets", [wallet(1, 1)]);
  const first = await put("wallets", [wallet(1, 2)]);
  const second = await put("wallets", [wallet(1, 3)]);
  await put("wallets", [wallet(1, 4)]);

  expect(await texts({ from: first, to: second })).toEqual(["Master wallet: +1 ISK, now 3 ISK"]);
  expect(await texts({ from: second })).toEqual(["Master wallet: +1 ISK, now 4 ISK"]);
  await expect(feed({ from: second, to: first })).rejects.toMatchObject({ code: "history.bad_period" });
});

test("a refresh that changes very much is summed up in the feed, and told row by row in the dataset's own", async () => {
  await put("members", [member(1000, "Aria")]);
  await put(
    "members",
    Array.from({ length: 30 }, (_, at) => member(at + 1, `Pilot ${at + 1}`)),
  );

  expect(await texts()).toEqual(["Members: 30 added, 1 removed"]);
  expect(await texts({ dataset: "members", limit: 200 })).toHaveLength(31);
});

test("rows as of a moment are what they were then: filtered, sorted and paged as those of today", async () => {
  const [long, short] = [5, 2].map((length) => Array.from({ length }, (_, at) => member(at + 1, `Pilot ${at + 1}`)));
  const before = iso();
  const then = await put("members", long as Row[]);
  await put("members", short as Row[]);
  await put("members", [member(9, "Mira")]);
  const asOf = (at: string, more = {}) =>
    asSystem(() =>
      Rows.list({ owner: Owner.corporation(corporationId), dataset: "members", at, sort: "-character_id", ...more }),
    );

  expect((await asOf(then, { limit: 2 })).rows.map((row) => row.name)).toEqual(["Pilot 5", "Pilot 4"]);
  expect((await asOf(then, { search: "pilot 3" })).meta).toMatchObject({ total: 5, matched: 1 });
  expect((await asOf(iso())).rows.map((row) => row.name)).toEqual(["Mira"]);
  expect((await asOf(before)).rows).toEqual([]);
});

test("a moment whose history has expired is refused, with how far back it is known", async () => {
  const declared = getDataset("members");
  const first = await put("members", [member(1, "Aria")]);
  await put("members", [member(2, "Kael")]);
  await put("members", [member(3, "Mira")]);
  await delta()
    .delete({ ...address(Owner.corporation(corporationId), declared), version: 2, part: 0 })
    .go();

  const ask = asSystem(() => Rows.list({ owner: Owner.corporation(corporationId), dataset: "members", at: first }));

  await expect(ask).rejects.toMatchObject({
    kind: "validation",
    code: "history.too_old",
    details: { since: expect.stringMatching(/^20/) },
  });
});

test("the difference between two moments is net: what came and went in between is no part of it", async () => {
  const from = await put("members", [member(1, "Aria"), member(2, "Kael")]);
  await put("members", [member(1, "Aria"), member(2, "Kael"), member(5, "Visitor")]);
  const to = await put("members", [member(1, "Aria"), member(3, "Mira"), member(4, "Nox")]);
  await put("members", []);
  const between = (more = {}) =>
    asSystem(() => History.between({ owner: Owner.corporation(corporationId), dataset: "members", from, to, ...more }));

  const { entries, meta } = await between();

  expect(entries.map(({ text }) => text)).toEqual(["Mira joined", "Nox joined", "Kael left"]);
  expect(meta).toEqual({ added: 2, removed: 1, changed: 0, from, to });
  const paged = await between({ limit: 2 });
  const rest = await between({ limit: 2, cursor: paged.meta.nextCursor });
  expect(rest.entries.map(({ text }) => text)).toEqual(["Kael left"]);
  expect(rest.meta.nextCursor).toBeUndefined();
  expect((await between({ from: to, to: undefined })).meta).toMatchObject({ added: 0, removed: 3 });
  await expect(between({ from: to, to: from })).rejects.toMatchObject({ code: "history.bad_period" });
});

test("CSV holds the feed, disarmed as every CSV", async () => {
  await put("members", []);
  await put("members", [member(1, '=cmd|"x"')]);

  const people = await asSystem(() => History.feedCsv({ owner: Owner.corporation(corporationId), dataset: "members" }));
  const raw = await asSystem(() =>
    History.feedCsv({ owner: Owner.corporation(corporationId), dataset: "members", profile: "raw" }),
  );

  expect(people.text).toMatch(
    /^Time,Dataset,Kind,Change,What happened\r\n20[^,]+Z,Members,member.joined,added,"'=cmd\|""x"" joined"\r\n$/,
  );
  expect(raw.text).toMatch(
    /^at,dataset,kind,change,text\r\n20[^,]+Z,members,member.joined,added,"=cmd\|""x"" joined"\r\n$/,
  );
});

test("against New Eden: who joins and leaves is told by name, and the ledger by its own dates", async () => {
  corporationId = pilot.corporationId;
  const refresh = async () => {
    for (const dataset of ["members", "wallets", "wallet-journal", "assets"])
      await world.refresh(corporationId, dataset);
  };
  await refresh();
  const before = (await world.rows(corporationId, "members")) as unknown as number[];
  const from = iso();
  await world.control("members", { corporationId, join: 3, leave: 2 });
  await world.control("wallets", { corporationId, division: 1, amount: 5_000_000 });
  await world.advance(2 * 3600);
  await refresh();
  const after = (await world.rows(corporationId, "members")) as unknown as number[];

  const { entries } = await pilot.as(() => History.feed({ owner: Owner.corporation(corporationId), from, limit: 200 }));
  const journal = await pilot.as(() =>
    History.feed({ owner: Owner.corporation(corporationId), dataset: "wallet-journal", limit: 5 }),
  );

  const who = (kind: string) =>
    entries.filter((entry) => entry.kind === kind).map((entry) => entry.row?.character_id as number);
  expect(who("member.joined").sort()).toEqual(after.filter((id) => !before.includes(id)).sort());
  expect(who("member.left").sort()).toEqual(before.filter((id) => !after.includes(id)).sort());
  expect(entries.map(({ kind }) => kind)).toContain("isk.in");
  expect(journal.entries).toHaveLength(5);
  expect(journal.entries.map(({ at }) => at)).toEqual(
    journal.entries.map(({ at }) => at).toSorted((a, b) => b.localeCompare(a)),
  );
  const then = await pilot.as(() =>
    Rows.list({ owner: Owner.corporation(corporationId), dataset: "members", at: from, limit: 500 }),
  );
  expect(then.rows.map((row) => row.character_id).sort()).toEqual([...before].sort());
});

test("to those who may not see the corporation it has no history", async () => {
  ({ corporationId } = pilot);
  const [dataset, at, from] = ["members", iso(), iso()];
  const nothing = { kind: "not_found", code: "corporation.not_found" };

  await expect(rival.as(() => History.feed({ owner: Owner.corporation(corporationId) }))).rejects.toMatchObject(
    nothing,
  );
  await expect(rival.as(() => History.feedCsv({ owner: Owner.corporation(corporationId) }))).rejects.toMatchObject(
    nothing,
  );
  await expect(
    rival.as(() => Rows.list({ owner: Owner.corporation(corporationId), dataset, at })),
  ).rejects.toMatchObject(nothing);
  await expect(
    rival.as(() => Rows.csv({ owner: Owner.corporation(corporationId), dataset, at })),
  ).rejects.toMatchObject(nothing);
  await expect(
    rival.as(() => History.between({ owner: Owner.corporation(corporationId), dataset, from })),
  ).rejects.toMatchObject(nothing);
  await expect(
    rival.as(() => History.betweenCsv({ owner: Owner.corporation(corporationId), dataset, from })),
  ).rejects.toMatchObject(nothing);
  await expect(
    pilot.as(() => History.feed({ owner: Owner.corporation(corporationId), dataset: "nothing" })),
  ).rejects.toMatchObject({
    code: "dataset.not_found",
  });
});
