import { expect, test } from "vitest";
import * as StaticData from "../../../../eve/static-data/index.ts";
import { lootOf } from "./killmail-loot.ts";

const TRITANIUM = 34;
const PYERITE = 35;

test("a wreck's items are told by name and worth, what survived apart from what did not, containers opened", () => {
  const price = StaticData.type(TRITANIUM)?.basePriceIsk ?? 0;
  const items = [
    {
      item_type_id: TRITANIUM,
      quantity_dropped: 2,
      quantity_destroyed: 3,
      items: [{ item_type_id: PYERITE, quantity_dropped: 1 }],
    },
  ];

  const loot = lootOf(items);

  expect(loot.map(({ name, quantity, dropped }) => [name, quantity, dropped])).toEqual([
    ["Tritanium", 2, true],
    ["Tritanium", 3, false],
    ["Pyerite", 1, true],
  ]);
  expect(loot[1]?.worth).toBeCloseTo(3 * price);
});

test("a type that the static data does not know is worth nothing and keeps its id", () => {
  expect(lootOf([{ item_type_id: 999_999_999, quantity_dropped: 1 }])).toEqual([
    { type_id: 999_999_999, name: "Type 999999999", quantity: 1, dropped: true, worth: 0 },
  ]);
  expect(lootOf(undefined)).toEqual([]);
});
