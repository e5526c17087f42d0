import { afterAll, beforeAll, expect, test } from "vitest";
import { type NewEden, startNewEden } from "../index.ts";
import { Client, control } from "../test/client.ts";
import { datasets } from "./truth.ts";

let eden: NewEden;
let corporationId: number;

beforeAll(async () => {
  eden = await startNewEden({ corporations: [{ members: 40, assets: 300, journalPerDay: 200 }] });
  corporationId = eden.world.corporations[0]?.corporationId as number;
});
afterAll(() => eden.close());

const truth = <Row>(dataset: string) => control<Row[]>(eden.url, "GET", `/truth/${corporationId}/${dataset}?live=1`);

test("the world's figures are those of its datasets", async () => {
  const [corporation] = (await control<NewEden["world"]>(eden.url, "GET", "/world")).corporations;

  const assets = await truth<{ quantity: number }>("assets");

  expect(corporation?.memberCount).toBe((await truth("members")).length);
  expect(corporation?.assets).toEqual({
    count: assets.length,
    quantity: assets.reduce((sum, { quantity }) => sum + quantity, 0),
  });
  expect(corporation?.wallets).toEqual((await truth<object>("wallets")).map((row) => row));
  expect(corporation?.journal.count30d).toBe((await truth("wallet-journal")).length);
  expect(corporation?.transactions.count).toBe((await truth("wallet-transactions")).length);
});

test.each(Object.keys(datasets))("%s can be had whole", async (dataset) => {
  const rows = await truth(dataset);

  expect(rows).toBeTruthy();
});

test.each([
  ["a form", "application/x-www-form-urlencoded"],
  ["a form with files", "multipart/form-data; boundary=x"],
  ["plain text, as a page may send anywhere", "text/plain;charset=UTF-8"],
  ["plain text that mentions JSON", "text/plain; application/json"],
  ["nothing that says what it is", undefined],
])("%s changes nothing: a page of another site can send it without asking", async (_, type) => {
  const before = eden.clock.now();
  const body = new TextEncoder().encode(JSON.stringify({ advanceSeconds: 3600 }));

  const answer = await fetch(`${eden.url}/_control/clock`, {
    method: "POST",
    body,
    ...(type === undefined ? {} : { headers: { "content-type": type } }),
  });

  expect(answer.status).toBe(415);
  expect(eden.clock.now() - before).toBeLessThan(3_600_000);
});

test("a page of another site that asks whether it may send JSON is not told so", async () => {
  const answer = await fetch(`${eden.url}/_control/clock`, {
    method: "OPTIONS",
    headers: { "access-control-request-method": "POST", "access-control-request-headers": "content-type" },
  });

  expect(answer.headers.get("access-control-allow-headers")).toBeNull();
  expect(answer.headers.get("access-control-allow-origin")).toBeNull();
});

test("ISK by hand is a journal entry of its division", async () => {
  await control(eden.url, "POST", "/wallets", { corporationId, division: 3, amount: 1234.56 });

  const wallets = await truth<{ division: number; balance: number }>("wallets");
  const journal = await truth<{ division: number; amount: number; balance: number }>("wallet-journal");

  const newest = journal.find(({ division }) => division === 3);
  expect(newest).toMatchObject({ amount: 1234.56, balance: wallets[2]?.balance });
});

test("members join and leave by hand", async () => {
  const before = await truth<number>("members");

  await control(eden.url, "POST", "/members", { corporationId, join: 3, leave: 1 });

  const after = await truth<number>("members");
  expect(after.filter((id) => !before.includes(id))).toHaveLength(3);
  expect(before.filter((id) => !after.includes(id))).toHaveLength(1);
});

test("a pilot can move into another corporation and loses the roles of the old one", async () => {
  const outsider = eden.world.pilots.at(-1)?.characterId as number;
  const client = await Client.login(eden.url, outsider);

  const before = await client.get(`/corporations/${corporationId}/members`);
  await control(eden.url, "POST", "/members", { corporationId, characterId: outsider });
  const after = await client.get(`/corporations/${corporationId}/members`);

  expect([before.status, after.status]).toEqual([403, 200]);
});

test("nothing happens in a corporation that rests, but by hand; its journal's oldest entries leave all the same", async () => {
  const count = async () => (await truth("wallet-journal")).length;
  const assets = async () => JSON.stringify(await truth("assets"));
  await control(eden.url, "POST", "/rest", { corporationId });
  const [before, goods, entries] = [await truth<{ id: number }>("wallet-journal"), await assets(), await count()];

  await control(eden.url, "POST", "/clock", { advanceSeconds: 6 * 3600 });
  const [later, after] = [await truth<{ id: number }>("wallet-journal"), await assets()];
  await control(eden.url, "POST", "/wallets", { corporationId, division: 2, amount: 5 });
  const byHand = await count();
  await control(eden.url, "POST", "/rest", { corporationId, isResting: false });
  await control(eden.url, "POST", "/clock", { advanceSeconds: 6 * 3600 });

  const known = new Set(before.map(({ id }) => id));
  expect(later.filter(({ id }) => !known.has(id))).toEqual([]);
  expect(later.length).toBeLessThan(entries);
  expect([after, byHand]).toEqual([goods, later.length + 1]);
  const awake = await truth<{ id: number }>("wallet-journal");
  expect(awake.filter(({ id }) => !known.has(id)).length).toBeGreaterThan(1);
});

test("a closed corporation has no members, says so of itself, and nothing happens there any more", async () => {
  const other = await startNewEden({ corporations: [{ members: 12, assets: 5, journalPerDay: 5 }] });
  const [closed] = other.world.corporations;
  const client = await Client.login(other.url, closed?.ceo.characterId as number);

  await control(other.url, "POST", "/close", { corporationId: closed?.corporationId });
  await control(other.url, "POST", "/clock", { advanceSeconds: 900 });

  const { body } = await client.get(`/corporations/${closed?.corporationId}`);
  const { status } = await client.get(`/corporations/${closed?.corporationId}/members`);
  await other.close();
  expect(body).toMatchObject({ state: "closed", member_count: 0, ceo_id: 1 });
  expect(status).toBe(403);
});

test("as much of the assets changes as is asked for", async () => {
  const before = new Map((await truth<{ item_id: number }>("assets")).map((row) => [row.item_id, JSON.stringify(row)]));

  await control(eden.url, "POST", "/assets", { corporationId, changeFraction: 0.2 });

  const after = await truth<{ item_id: number }>("assets");
  const touched = after.filter((row) => before.get(row.item_id) !== JSON.stringify(row)).length;
  expect(touched).toBeGreaterThan(20);
  expect(touched).toBeLessThanOrEqual(60);
});

test("time moves forward for everyone who listens", async () => {
  const heard: number[] = [];
  const stop = eden.clock.onChange((offsetMs) => heard.push(offsetMs));

  const { offsetMs } = await control<{ offsetMs: number }>(eden.url, "POST", "/clock", { advanceSeconds: 90 });
  stop();
  await control(eden.url, "POST", "/clock", { advanceSeconds: 1 });

  expect(heard).toEqual([offsetMs]);
});

test("what does not exist is told apart from what makes no sense", async () => {
  const attempts = await Promise.allSettled([
    control(eden.url, "POST", "/assets", { corporationId: 1, changeFraction: 0.1 }),
    control(eden.url, "POST", "/assets", { corporationId, changeFraction: 7 }),
    control(eden.url, "GET", `/truth/${corporationId}/gossip`),
  ]);

  const reasons = attempts.map((attempt) => (attempt.status === "rejected" ? (attempt.reason as Error).message : ""));
  expect(reasons).toEqual([
    expect.stringContaining("404"),
    expect.stringContaining("400"),
    expect.stringContaining("404"),
  ]);
});
