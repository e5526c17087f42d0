import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { dayMs, hourMs, minuteMs } from "../../clock.ts";
import { type NewEden, startNewEden } from "../../index.ts";
import { Client, control } from "../../test/client.ts";
import { tickMs, World } from "../world.ts";
import type { Life } from "./life.ts";

interface Skills {
  skills: { skill_id: number; trained_skill_level: number; skillpoints_in_skill: number }[];
  total_sp: number;
}

interface Entry {
  skill_id: number;
  finished_level: number;
  level_end_sp: number;
  start_date?: string;
  finish_date?: string;
  queue_position: number;
}

let eden: NewEden;
let pilot: number;
let corporationId: number | undefined;

const truth = <Value>(dataset: string, characterId = pilot) =>
  control<Value>(eden.url, "GET", `/truth/character/${characterId}/${dataset}?live=1`);
const pilots = (change: object) => control(eden.url, "POST", "/pilots", { characterId: pilot, ...change });
const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);

beforeAll(async () => {
  eden = await startNewEden({ corporations: [{ members: 60, assets: 50, journalPerDay: 0 }] });
  corporationId = eden.world.corporations[0]?.corporationId;
  // Some never play, train or trade: the tests are about one who does.
  for (const { characterId } of eden.world.pilots) {
    pilot = characterId;
    const isTraining = (await truth<Entry[]>("skill-queue")).some(({ finish_date }) => finish_date);
    if (isTraining && (await truth<object[]>("wallet-transactions")).length > 5) return;
  }
  throw new Error("Nobody trains and trades.");
});
afterAll(() => eden.close());

test("a wallet's balance is its journal's running sum, to the cent, and ISK by hand is an entry of it", async () => {
  await pilots({ amount: 1234.56 });

  const balance = await truth<number>("wallet");
  const journal = await truth<{ id: number; amount: number; balance: number; date: string }[]>("wallet-journal");

  const cents = (isk: number | undefined) => Math.round((isk ?? Number.NaN) * 100);
  const broken = journal.slice(0, -1).filter((entry, index) => {
    const older = journal[index + 1];
    return cents(entry.balance) !== cents(older?.balance) + cents(entry.amount) || entry.id <= (older?.id ?? 0);
  });
  expect(journal.length).toBeGreaterThan(5);
  expect(journal[0]).toMatchObject({ amount: 1234.56, balance });
  expect(broken).toEqual([]);
});

test("a transaction's journal entry is its quantity times its price", async () => {
  const journal = await truth<{ id: number; amount: number; context_id?: number }[]>("wallet-journal");
  const entries = new Map(journal.map((entry) => [entry.id, entry]));

  const transactions =
    await truth<
      {
        transaction_id: number;
        journal_ref_id: number;
        quantity: number;
        unit_price: number;
        is_buy: boolean;
      }[]
    >("wallet-transactions");

  expect(transactions.length).toBeGreaterThan(0);
  for (const { transaction_id, journal_ref_id, quantity, unit_price, is_buy } of transactions) {
    const entry = entries.get(journal_ref_id);
    expect(entry?.amount).toBeCloseTo(quantity * unit_price * (is_buy ? -1 : 1), 1);
    expect(entry?.context_id).toBe(transaction_id);
  }
});

test("a skill that finishes stays in the queue until the pilot logs in, and counts among the skills from then on", async () => {
  await pilots({ isOnline: true });
  await pilots({ isOnline: false });
  const [head, second] = await truth<Entry[]>("skill-queue");
  const before = await truth<Skills>("skills");
  const finishMs = Date.parse(head?.finish_date ?? "");

  // A pilot who plays in between looks at the queue: then the head is another one, but nothing is lost.
  eden.clock.advance(finishMs - eden.clock.now() + 1000);
  await pilots({ isOnline: true });
  const queue = await truth<Entry[]>("skill-queue");
  const after = await truth<Skills>("skills");

  const learnt = after.skills.find(({ skill_id }) => skill_id === head?.skill_id);
  expect(second?.start_date).toBe(head?.finish_date);
  expect(queue.map(({ finish_date }) => Date.parse(finish_date ?? "") > finishMs)).not.toContain(false);
  expect(queue.map(({ queue_position }) => queue_position)).toEqual(queue.map((_, index) => index));
  expect(learnt).toMatchObject({
    trained_skill_level: head?.finished_level,
    skillpoints_in_skill: head?.level_end_sp,
  });
  expect(after.total_sp).toBeGreaterThan(before.total_sp);
  for (const told of [before, after]) {
    expect(told.total_sp).toBe(sum(told.skills.map(({ skillpoints_in_skill }) => skillpoints_in_skill)));
  }
});

test("what finished while a pilot was away is listed in the past, and not among the skills", async () => {
  const seen: { characterId: number; past: number }[] = [];
  for (let day = 0; day < 10 && !seen.some(({ past }) => past > 0); day += 1) {
    eden.clock.advance(17 * hourMs);
    for (const { characterId } of eden.world.pilots) {
      const queue = await truth<Entry[]>("skill-queue", characterId);
      const skills = (await truth<Skills>("skills", characterId)).skills;
      const past = queue.filter(({ finish_date }) => finish_date && Date.parse(finish_date) <= eden.clock.now());
      for (const { skill_id, finished_level } of past) {
        const known = skills.find((skill) => skill.skill_id === skill_id)?.trained_skill_level ?? 0;
        expect(known).toBeLessThan(finished_level);
      }
      seen.push({ characterId, past: past.length });
    }
  }

  expect(seen.some(({ past }) => past > 0)).toBe(true);
});

test("pilots are seen in stations, in structures and in space", async () => {
  const seen = new Set<string>();
  for (let step = 0; step < 300 && seen.size < 3; step += 1) {
    eden.clock.advance(37 * minuteMs);
    for (const { characterId } of eden.world.pilots) {
      seen.add(Object.keys(await truth<object>("location", characterId)).join());
    }
  }

  expect([...seen].sort()).toEqual(["solar_system_id", "solar_system_id,station_id", "solar_system_id,structure_id"]);
});

test("the same life is lived however often it is asked about", () => {
  const epochMs = Math.floor(Date.now() / tickMs) * tickMs;
  const plan = { members: 12, assets: 5, journalPerDay: 0, historyDays: 1 };
  const [often, seldom] = [1, 2].map(() => new World({ seed: "twins", epochMs, corporations: [plan] }));
  const portraits = (world: World, nowMs: number) =>
    [...world.people.all()].slice(-8).map(({ characterId }) => {
      const life = world.lives.at(characterId, nowMs);
      const { training, purse, belongings, whereabouts, reputation, clone } = life as Life;
      const own = [purse.journal(0), belongings.assets.list(), whereabouts.place];
      const known = [reputation.standings.list(), reputation.points.list(), clone.implantTypeIds];
      return [training.skills(), training.queue(), ...own, ...known];
    });

  for (let hour = 1; hour < 9 * 24; hour += 17) portraits(often as World, epochMs + hour * hourMs);

  const endMs = epochMs + 9 * dayMs;
  expect(portraits(seldom as World, endMs)).toEqual(portraits(often as World, endMs));
});

test("only the pilot's own token, with the scope, is answered", async () => {
  const other = eden.world.pilots.find(({ characterId }) => characterId !== pilot)?.characterId as number;
  const [own, foreign, narrow] = await Promise.all([
    Client.login(eden.url, pilot),
    Client.login(eden.url, other),
    Client.login(eden.url, pilot, ["esi-skills.read_skillqueue.v1"]),
  ]);
  const path = `/characters/${pilot}/skills`;

  const answers = [await own.get(path), await foreign.get(path), await narrow.get(path)];
  const bare = await fetch(`${eden.url}${path}`, { headers: { "x-compatibility-date": "2026-08-18" } });

  expect([...answers.map(({ status }) => status), bare.status]).toEqual([200, 403, 403, 401]);
  expect(answers[0]?.headers.get("x-ratelimit-group")).toBe("char-detail");
});

test("what has not changed is a 304, also after its expiry", async () => {
  const path = `/characters/${pilot}/wallet/journal`;
  const first = await (await Client.login(eden.url, pilot)).get(path);
  const ifNoneMatch = { "if-none-match": first.headers.get("etag") ?? "" };

  const client = await Client.login(eden.url, pilot);
  const again = await client.get(path, ifNoneMatch);
  await pilots({ amount: -1 });
  const held = await client.get(path, ifNoneMatch);
  eden.clock.advance(hourMs);
  const changed = await (await Client.login(eden.url, pilot)).get(path, ifNoneMatch);

  expect([again.status, held.status, changed.status]).toEqual([304, 304, 200]);
  expect(first.headers.get("x-pages")).toBe("1");
});

test("a fault strikes the routes of one pilot", async () => {
  const client = await Client.login(eden.url, pilot);
  eden.faults.add({ kind: "status", status: 502, characterId: pilot, operationId: "GetCharactersCharacterIdLocation" });

  const struck = await client.get(`/characters/${pilot}/location`);
  const spared = await client.get(`/characters/${pilot}/ship`);
  eden.faults.clear();

  expect([struck.status, spared.status]).toEqual([502, 200]);
});

test("nobody's life is told of somebody who does not exist", async () => {
  await expect(truth("skills", 1)).rejects.toThrow("404");
  await expect(truth("gossip")).rejects.toThrow("404");
  await expect(control(eden.url, "POST", "/pilots", { characterId: 1, amount: 5 })).rejects.toThrow("404");
});

interface Asset {
  item_id: number;
  type_id: number;
  quantity: number;
  location_id: number;
  location_type: string;
}

test("no asset lies in something that is gone, and the ship that a pilot flies is one of them", async () => {
  for (const { characterId } of eden.world.pilots) {
    const assets = await truth<Asset[]>("assets", characterId);
    const ship = await truth<{ ship_item_id: number; ship_type_id: number }>("ship", characterId);
    const place = await truth<Record<string, number>>("location", characterId);

    const owned = new Set(assets.map(({ item_id }) => item_id));
    const structures = await control<{ structure_id: number }[]>(eden.url, "GET", `/truth/${corporationId}/structures`);
    const structureIds = new Set(structures.map(({ structure_id }) => structure_id));
    const lost = assets.filter(
      ({ location_type, location_id }) =>
        location_type === "item" && !owned.has(location_id) && !structureIds.has(location_id),
    );
    const flown = assets.find(({ item_id }) => item_id === ship.ship_item_id);
    expect(lost).toEqual([]);
    expect(flown?.type_id).toBe(ship.ship_type_id);
    expect(flown?.location_id).toBe(place.station_id ?? place.structure_id ?? place.solar_system_id);
  }
});

test("as much of a pilot's assets changes as is asked for, and named things keep their names", async () => {
  const before = new Map((await truth<Asset[]>("assets")).map((row) => [row.item_id, JSON.stringify(row)]));
  const names = await truth<{ item_id: number; name: string }[]>("asset-names");

  await pilots({ changeFraction: 0.3 });

  const touched = (await truth<Asset[]>("assets")).filter((row) => before.get(row.item_id) !== JSON.stringify(row));
  expect(touched.length).toBeGreaterThan(0);
  expect(touched.length).toBeLessThanOrEqual(Math.round(before.size * 0.3));
  expect(names.length).toBeGreaterThan(0);
  expect(names.every(({ name }) => name !== "None")).toBe(true);
  await expect(truth("asset-names")).resolves.toEqual(names);
});

test("items that are not the pilot's own have no names for them", async () => {
  const client = await Client.login(eden.url, pilot);
  const [item] = await truth<Asset[]>("assets");

  const own = await client.post(`/characters/${pilot}/assets/names`, [item?.item_id]);
  const foreign = await client.post(`/characters/${pilot}/assets/names`, [item?.item_id, 1]);

  expect([own.status, foreign.status]).toEqual([200, 404]);
});

test("notifications arrive, say something in YAML, and are read once the pilot logs in", async () => {
  interface Told {
    notification_id: number;
    type: string;
    text: string;
    is_read?: boolean;
  }
  await pilots({ isOnline: false, notifications: 200 });
  const told = await truth<Told[]>("notifications");
  await pilots({ isOnline: true });
  const later = await truth<Told[]>("notifications");

  const ids = told.map(({ notification_id }) => notification_id);
  expect(told.slice(0, 200).filter(({ is_read }) => is_read)).toEqual([]);
  expect(later.filter(({ is_read }) => !is_read)).toEqual([]);
  expect(ids).toEqual([...ids].sort((one, other) => other - one));
  for (const { text } of told) expect(typeof (parse(text) ?? {})).toBe("object");
  const attack = told.find(({ type }) => type === "StructureUnderAttack");
  const read = parse(attack?.text ?? "") as { structureID: number; structureShowInfoData: unknown[] };
  expect(read.structureShowInfoData[2]).toBe(read.structureID);
});
