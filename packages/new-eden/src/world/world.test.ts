import { expect, test } from "vitest";
import { dayMs, hourMs } from "../clock.ts";
import { apply } from "./command.ts";
import { defaultPlans, tickMs, World } from "./world.ts";

const epochMs = Math.floor(Date.now() / tickMs) * tickMs;
const plan = { members: 60, assets: 1500, journalPerDay: 300, historyDays: 32 };

function create(seed: string): World {
  return new World({ seed, epochMs, corporations: [plan, { ...plan, members: 9, assets: 40 }] });
}

function portrait(world: World) {
  return [...world.corporations.values()].map(({ name, roster, hangar, wallet, structures }) => ({
    name,
    members: roster.members.list(),
    assets: hangar.assets.list(),
    journal: wallet.journal(1, 0),
    transactions: wallet.transactions(1, 0),
    structures: structures.rows.list(),
  }));
}

test("the same seed gives the same world, also after days of life and commands", () => {
  const live = (world: World) => {
    world.advanceTo(epochMs + dayMs);
    const [first] = world.corporations.keys();
    apply(world, { kind: "members", corporationId: first as number, join: 3, leave: 2 }, 1, epochMs + dayMs);
    apply(world, { kind: "assets", corporationId: first as number, changeFraction: 0.1 }, 2, epochMs + dayMs);
    world.advanceTo(epochMs + 2 * dayMs);
    return portrait(world);
  };

  const once = live(create("fixed"));
  const again = live(create("fixed"));

  expect(again).toEqual(once);
});

test("advancing step by step or at once ends in the same world", () => {
  const [slow, fast] = [create("steps"), create("steps")];

  for (let hour = 1; hour <= 24; hour += 1) slow.advanceTo(epochMs + hour * hourMs);
  fast.advanceTo(epochMs + dayMs);

  expect(portrait(slow)).toEqual(portrait(fast));
});

test("another seed gives other people and goods", () => {
  const names = (world: World) => [...world.people.all()].map(({ name }) => name).join();

  const [one, other] = [create("one"), create("other")];

  expect(names(one)).not.toBe(names(other));
});

test("each division's balance is its journal's running sum, to the cent", () => {
  const world = create("sums");
  world.advanceTo(epochMs + 3 * dayMs);
  const [corporation] = world.corporations.values();

  const balances = corporation?.wallet.balances() ?? [];

  for (const { division, balanceCents } of balances) {
    const entries = corporation?.wallet.journal(division, 0) ?? [];
    const broken = entries.slice(0, -1).filter((entry, index) => {
      const older = entries[index + 1];
      if (!older || entry.id <= older.id || entry.timeMs < older.timeMs) return true;
      return entry.balanceCents !== older.balanceCents + entry.amountCents;
    });
    expect(entries[0]?.balanceCents).toBe(balanceCents);
    expect(broken).toEqual([]);
  }
});

test("a sale's journal entry is its quantity times its price", () => {
  const [corporation] = create("trade").corporations.values();
  const journal = new Map(corporation?.wallet.journal(1, 0).map((entry) => [entry.id, entry]));

  const transactions = corporation?.wallet.transactions(1, 0) ?? [];

  expect(transactions.length).toBeGreaterThan(100);
  const broken = transactions.filter(({ journalId, quantity, unitPriceCents, isBuy, transactionId }) => {
    const entry = journal.get(journalId);
    const amountCents = quantity * unitPriceCents * (isBuy ? -1 : 1);
    return entry?.amountCents !== amountCents || entry.contextId !== transactionId;
  });
  expect(broken).toEqual([]);
});

test("no asset lies in something that is gone, and the sum of quantities is kept", () => {
  const world = create("nesting");
  world.advanceTo(epochMs + 5 * dayMs);
  const [corporation] = world.corporations.values();

  const assets = corporation?.hangar.assets.list() ?? [];

  const owned = new Set(assets.map(({ item_id }) => item_id));
  const lost = assets.filter(({ location_type, location_id }) => location_type === "item" && !owned.has(location_id));
  expect(lost).toEqual([]);
  expect(new Set(assets.map(({ item_id }) => item_id)).size).toBe(assets.length);
  expect(corporation?.hangar.quantity).toBe(assets.reduce((sum, { quantity }) => sum + quantity, 0));
});

test("the default world has its promised size and a year of journal", () => {
  const world = new World({ seed: "default", epochMs, corporations: defaultPlans });

  const sizes = [...world.corporations.values()].map(({ roster, hangar }) => [roster.members.size, hangar.assets.size]);
  expect(sizes).toEqual([
    [3000, 100_000],
    [400, 12_000],
    [25, 600],
  ]);
  const [largest] = world.corporations.values();
  expect(largest?.wallet.journal(1, 0).at(-1)?.timeMs).toBeLessThan(epochMs - 364 * dayMs);
});
