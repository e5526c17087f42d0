import { expect, test } from "vitest";
import type { Freshness } from "../api/contract.ts";
import {
  boardConcerns,
  contractConcerns,
  directorConcerns,
  inOrder,
  jobConcerns,
  notFetched,
  starbaseConcerns,
  structureConcerns,
} from "./concerns.ts";

const now = Date.parse("2026-11-20T12:00:00Z");
const inHours = (hours: number) => new Date(now + hours * 3_600_000).toISOString();

test("a structure needs attention when its fuel lasts less than three days, or when it is attacked", () => {
  const structures = [
    { structure_id: 1, name: "Quiet", state: "shield_vulnerable", fuel_expires: inHours(73) },
    { structure_id: 2, name: "Thirsty", state: "shield_vulnerable", fuel_expires: inHours(71) },
    { structure_id: 3, name: "Burning", state: "armor_reinforce", state_timer_end: inHours(20) },
  ];

  const concerns = structureConcerns(structures, now);

  expect(concerns.map(({ key }) => key)).toEqual(["2-fuel", "3-state"]);
});

test("a starbase needs attention by the fuel blocks that its size burns, or when it is reinforced", () => {
  const tower = { type_id: 12235, type_id_name: "Amarr Control Tower", system_id: 1, system_id_name: "LN-56V" };
  const starbases = [
    { ...tower, starbase_id: 1, state: "online" },
    { ...tower, starbase_id: 2, state: "online" },
    { ...tower, starbase_id: 3, state: "reinforced" },
  ];
  const details = [
    { starbase_id: 1, fuel_quantity: 40 * 71 },
    { starbase_id: 2, fuel_quantity: 40 * 73 },
  ];

  expect(starbaseConcerns(starbases, details, now).map(({ key }) => key)).toEqual(["starbase-1", "starbase-3"]);
});

test("jobs that are ready and contracts that end within a day are counted", () => {
  const jobs = [
    { status: "active", end_date: inHours(-1) },
    { status: "ready", end_date: inHours(-9) },
    { status: "active", end_date: inHours(1) },
  ];
  const contracts = [
    { status: "outstanding", date_expired: inHours(5) },
    { status: "outstanding", date_expired: inHours(3) },
    { status: "finished", date_expired: inHours(2) },
    { status: "outstanding", date_expired: inHours(-2) },
  ];

  expect(jobConcerns(jobs, now)[0]?.text).toBe("2 jobs are ready to deliver");
  expect(contractConcerns(contracts, now)).toMatchObject([
    { text: "2 contracts expire, the first", at: Date.parse(inHours(3)) },
  ]);
  expect([jobConcerns([], now), contractConcerns([], now)]).toEqual([[], []]);
});

test("the most serious problem is first, and among equals the earliest", () => {
  const entry = { title: "Assets", status: "failed", dataset: "assets" } as Freshness;
  const concerns = [...jobConcerns([{ status: "ready" }], now), ...boardConcerns([entry]), ...directorConcerns([])];

  expect(inOrder(concerns).map(({ key }) => key)).toEqual(["directors", "dataset-assets", "jobs"]);
});

test("a checked list that was never fetched is named, an unchecked one is not", () => {
  const board = [
    { dataset: "structures", title: "Structures" },
    { dataset: "contracts", title: "Contracts", refreshedAt: inHours(-1) },
    { dataset: "medals", title: "Medals" },
  ];

  expect(notFetched(board)).toEqual(["Structures"]);
});
