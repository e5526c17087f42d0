import { expect, test } from "vitest";
import { dayMs, hourMs } from "../../clock.ts";
import { staticData } from "../../static-data/index.ts";
import { World } from "../world.ts";
import type { Life } from "./life.ts";

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);

test("a mission's reward improves its giver's standing and adds loyalty points; only the store takes some", () => {
  const world = new World({
    seed: "missions",
    epochMs: 0,
    corporations: [{ members: 12, assets: 5, journalPerDay: 0, historyDays: 1 }],
  });
  const givers = (life: Life, sinceMs: number) =>
    life.purse
      .journal(sinceMs)
      .flatMap(({ kind, firstPartyId }) => (kind.refType === "agent_mission_reward" ? [firstPartyId] : []));
  let [missions, visits] = [0, 0];

  for (const { characterId } of world.people.all()) {
    const at = (hour: number) => world.lives.at(characterId, hour * hourMs) as Life;
    for (let hour = 0; hour < 20 * 24; hour += 1) {
      const { standings, points } = at(hour).reputation;
      const before = new Map(standings.list().map(({ fromId, standing }) => [fromId, standing]));
      const pointsBefore = sum(points.list().map((each) => each.points));
      const paying = givers(at(hour + 1), hour * hourMs + 1);
      for (const id of paying) expect(standings.get(id)?.standing).toBeGreaterThan(before.get(id) ?? 0);
      const gained = sum(points.list().map((each) => each.points)) - pointsBefore;
      if (paying.length === 0) expect(gained).toBeLessThanOrEqual(0);
      missions += paying.length;
      visits += gained < 0 ? 1 : 0;
      expect(standings.list().every(({ standing }) => standing <= 10)).toBe(true);
      expect(points.list().every((each) => each.points >= 0)).toBe(true);
    }
  }

  expect(missions).toBeGreaterThan(10);
  expect(visits).toBeGreaterThan(2);
});

test("a hardwiring is plugged in now and then, never two in one slot, and the attributes' implants stay", () => {
  const world = new World({
    seed: "implants",
    epochMs: 0,
    corporations: [{ members: 12, assets: 5, journalPerDay: 0, historyDays: 1 }],
  });
  const implants = (day: number) =>
    [...world.people.all()].map(
      ({ characterId }) => world.lives.at(characterId, day * dayMs)?.clone.implantTypeIds ?? [],
    );

  const [first, later] = [implants(0), implants(90)];

  expect(later.filter((ids, pilot) => ids.join() !== first[pilot]?.join()).length).toBeGreaterThan(3);
  for (const ids of later) {
    const names = ids.map((id) => staticData().types.get(id)?.name ?? "");
    expect(new Set(names.map((name) => name.replace(/[35]$/, ""))).size).toBe(names.length);
    expect(names).not.toContain("");
  }
  const lasting = (ids: readonly number[]) => ids.filter((id) => id < 13_000);
  expect(later.map(lasting)).toEqual(first.map(lasting));
});
