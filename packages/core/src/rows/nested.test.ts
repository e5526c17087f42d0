import { randomInt } from "node:crypto";
import { expect, test } from "vitest";
import * as Actor from "../actor/index.ts";
import { get as getDataset } from "../corporation/datasets/index.ts";
import { shapeOf } from "../dataset/index.ts";
import { address } from "../refresh/index.ts";
import * as Snapshot from "../snapshot/index.ts";
import * as Rows from "./index.ts";
import { withNestedNames } from "./nested.ts";

const names = { version: "1", of: (kind: string, id: number) => (id === 404 ? undefined : `${kind} ${id}`) };

test("ids of types and systems get their names beside them, however deep they lie; nothing else does", () => {
  const value = [
    { ship_type_id: 587, in: { solar_system_id: 3, at: [{ type_id: 34 }] }, count: 5, war_id: 6, on: null },
  ];

  expect(withNestedNames(value, names)).toEqual([
    {
      ship_type_id: 587,
      ship_type_id_name: "type 587",
      in: { solar_system_id: 3, solar_system_id_name: "system 3", at: [{ type_id: 34, type_id_name: "type 34" }] },
      count: 5,
      war_id: 6,
      on: null,
    },
  ]);
});

test("an id that nobody knows, and a thing that bears its name already, stay as they are", () => {
  const value = [{ type_id: 404 }, { type_id: 34, name: "Tritanium" }, { type_id: "34" }, "type_id"];

  expect(withNestedNames(value, names)).toEqual(value);
});

test("a page of rows names the types inside its lists", async () => {
  const hubs = getDataset("sovereignty-hub-details");
  const corporationId = randomInt(2 ** 40);
  const upgrades = [{ type_id: 34, power_state: "Online" }];
  const table = Snapshot.tableOf(shapeOf(hubs), [{ id: 1, solar_system_id: 30000142, upgrades, reagents: [] }]);
  await Snapshot.commit(address(corporationId, hubs), shapeOf(hubs), table, { fence: 1, retentionDays: 1 });

  const { rows } = await Actor.provide({ type: "system", name: "test" }, () =>
    Rows.list({ corporationId, dataset: hubs.name }),
  );

  expect(rows[0]?.upgrades).toEqual([{ ...upgrades[0], type_id_name: "Tritanium" }]);
});
