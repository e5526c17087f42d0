import "../../owners/index.ts";
import { randomInt } from "node:crypto";
import { expect, test } from "vitest";
import * as z from "zod";
import * as Owner from "../../owner/index.ts";
import { datasets, get as getDataset } from "../../owners/corporation/datasets/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import * as Snapshot from "../../snapshot/index.ts";
import { address } from "../collection/index.ts";
import { shapeOf } from "../dataset/index.ts";
import * as Rows from "../rows/index.ts";
import { states } from "../state/state.entity.ts";
import { withNestedNames } from "./index.ts";

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
  await Snapshot.commit(address(Owner.corporation(corporationId), hubs), shapeOf(hubs), table, {
    fence: 1,
    retentionDays: 1,
  });

  const { rows } = await Actor.provide({ type: "system", name: "test" }, () =>
    Rows.list({ owner: Owner.corporation(corporationId), dataset: hubs.name }),
  );

  expect(rows[0]?.upgrades).toEqual([{ ...upgrades[0], type_id_name: "Tritanium" }]);
});

/** A value of the schema whose texts all bear markup, or undefined of one that holds no texts. */
function markedBy(schema: z.core.$ZodType): unknown {
  if (schema instanceof z.ZodOptional) return markedBy(schema.unwrap() as z.core.$ZodType);
  if (schema instanceof z.ZodArray) return [markedBy(schema.element as z.core.$ZodType)];
  if (schema instanceof z.ZodRecord) return { note: markedBy(schema.valueType as z.core.$ZodType) };
  if (schema instanceof z.ZodObject) {
    return Object.fromEntries(Object.entries(schema.shape).map(([key, each]) => [key, markedBy(each)]));
  }
  if (schema instanceof z.ZodUnknown) return { deep: ["<b>Bold</b> &amp; brave"] };
  return schema instanceof z.ZodString ? "<color=red>Red</color>" : 1;
}

const isNested = (value: unknown) => typeof value === "object" && value !== null;
const nestedColumns = datasets.flatMap((dataset) =>
  Object.keys(dataset.columns)
    .map((column) => [dataset.name, column, markedBy(dataset.row.shape[column] as z.core.$ZodType)] as const)
    .filter(([, , value]) => isNested(value) && JSON.stringify(value).includes("<")),
);

test.each(nestedColumns)("%s: texts within %s are read without the game's markup", async (name, column, value) => {
  const dataset = getDataset(name);
  const corporationId = randomInt(2 ** 40);
  const moment = new Date().toISOString();
  const key = Object.fromEntries(dataset.key.map((each) => [each, 1]));
  const dated = dataset.dateColumn === undefined ? {} : { [dataset.dateColumn]: moment };
  const table = Snapshot.tableOf(shapeOf(dataset), [{ ...key, ...dated, [column]: value }]);
  const month = dataset.storage === "ledger" ? moment.slice(0, 7) : undefined;
  await Snapshot.commit(address(Owner.corporation(corporationId), dataset, month), shapeOf(dataset), table, {
    fence: 1,
    retentionDays: 1,
  });
  await states()
    .put({ owner: `corporation#${corporationId}`, dataset: name, ...(month ? { firstMonth: month } : {}) })
    .go();

  const [{ rows }, { text }] = await Actor.provide({ type: "system", name: "test" }, () =>
    Promise.all([
      Rows.list({ owner: Owner.corporation(corporationId), dataset: name }),
      Rows.csv({ owner: Owner.corporation(corporationId), dataset: name, profile: "raw", bom: false }),
    ]),
  );

  for (const shown of [JSON.stringify(rows[0]?.[column]), text]) {
    expect(shown).toMatch(/Red|Bold & brave/);
    expect(shown).not.toMatch(/<b>|<color|&amp;/);
  }
});
