import { afterAll, beforeAll, expect, test } from "vitest";
import { corporationOf, type Pilot } from "../../../test/pilot.ts";
import { startWorld, type World } from "../../../test/world.ts";
import * as Wallet from "./index.ts";

interface Entry {
  id: number;
  division: number;
  date: string;
  amount: number;
  balance: number;
}

let world: World;
let pilot: Pilot & { corporationId: number };
let newcomer: Pilot & { corporationId: number };

beforeAll(async () => {
  const small = { members: 25, assets: 10, journalPerDay: 1 };
  world = await startWorld({ corporations: [{ members: 30, assets: 50, journalPerDay: 60 }, small] });
  const [home, other] = (await world.truth()).corporations;
  pilot = await corporationOf(home?.ceo.characterId as number);
  newcomer = await corporationOf(other?.ceo.characterId as number);
  for (const dataset of ["divisions", "wallets", "wallet-journal"]) await world.refresh(pilot.corporationId, dataset);
});
afterAll(() => world?.close());

const summary = (days?: number) =>
  pilot.as(() => Wallet.summary({ corporationId: pilot.corporationId, ...(days ? { days } : {}) }));
const journal = async () => (await world.rows(pilot.corporationId, "wallet-journal")) as unknown as Entry[];

const cents = (isk: number | string) => Math.round(Number(isk) * 100);
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

test("every division has the balance that EVE says, with its name", async () => {
  const truth = await world.rows(pilot.corporationId, "wallets");

  const { divisions } = await summary();

  expect(divisions.map(({ division, balance }) => ({ division, balance }))).toEqual(truth);
  expect(divisions.some(({ name }) => name)).toBe(true);
});

test("what came in and went out is the journal's to the cent", async () => {
  const entries = await journal();

  const { flows } = await summary(366);

  const incoming = entries.filter(({ amount }) => amount > 0).map(({ amount }) => cents(amount));
  const outgoing = entries.filter(({ amount }) => amount < 0).map(({ amount }) => -cents(amount));
  expect(sum(flows.map(({ income }) => cents(income)))).toBe(sum(incoming));
  expect(sum(flows.map(({ expense }) => cents(expense)))).toBe(sum(outgoing));
  expect(flows.every(({ income, expense }) => Number(income) >= 0 && Number(expense) >= 0)).toBe(true);
});

test("a day's balance of a division is that after its last entry of the day", async () => {
  const last = new Map<string, Entry>();
  for (const entry of await journal()) {
    const key = `${entry.date.slice(0, 10)}/${entry.division}`;
    if (entry.id > (last.get(key)?.id ?? 0)) last.set(key, entry);
  }

  const { series } = await summary(366);

  expect(new Map(series.map(({ date, division, balance }) => [`${date}/${division}`, balance]))).toEqual(
    new Map([...last].map(([key, { balance }]) => [key, balance])),
  );
});

test("only the days asked for are told, in order", async () => {
  const { flows } = await summary(7);

  const since = new Date(Date.now() - 7 * 86_400_000).toISOString().slice(0, 10);
  const dates = flows.map(({ date }) => date);
  expect(dates.every((date) => date >= since)).toBe(true);
  expect(dates).toEqual([...dates].sort());
});

test("before anything was fetched there is nothing, and no error", async () => {
  const empty = await newcomer.as(() => Wallet.summary({ corporationId: newcomer.corporationId }));

  expect(empty).toEqual({ divisions: [], total: 0, series: [], flows: [] });
});

test("another corporation's director is told that there is no such corporation", async () => {
  const attempt = newcomer.as(() => Wallet.summary({ corporationId: pilot.corporationId }));

  await expect(attempt).rejects.toMatchObject({ kind: "not_found", code: "corporation.not_found" });
});
