import { expect, test } from "vitest";
import { parseTableSearch, toggleValue, withFilter } from "./table-search.ts";

test("what the address says about a table is read back, numbers and booleans as text", () => {
  const search = parseTableSearch({ q: 42, sort: "-quantity", f: { type_id: 587, is_singleton: true }, other: "x" });

  expect(search).toEqual({ q: "42", sort: "-quantity", f: { type_id: ["587"], is_singleton: ["true"] } });
});

test("a filter is read with all of its values, whatever they hold, and null for none", () => {
  const f = { title: ["Ammo, cheap", " outer ", "", null, 7], mixed: [{}, "a"], none: [] };

  expect(parseTableSearch({ f })).toEqual({ f: { title: ["Ammo, cheap", " outer ", "", null, "7"], mixed: ["a"] } });
});

test("invalid conditions in the address are ignored", () => {
  expect(parseTableSearch({ q: "", sort: {}, from: null, f: "x" })).toEqual({});
  expect(parseTableSearch({ f: { type_id: { deep: 1 } } })).toEqual({});
});

test("a filter is added to the others, and after the last is removed the address has none", () => {
  const one = withFilter({ q: "x" }, "type_id", ["587"]);
  const two = withFilter(one, "hangar", ["3"]);

  expect(two).toEqual({ q: "x", f: { type_id: ["587"], hangar: ["3"] } });
  expect(withFilter(withFilter(two, "type_id", undefined), "hangar", undefined)).toEqual({ q: "x" });
});

test("a value chosen twice is lifted again", () => {
  const both = toggleValue(toggleValue(undefined, "1,5"), null);

  expect(both).toEqual(["1,5", null]);
  expect(toggleValue(both, "1,5")).toEqual([null]);
  expect(toggleValue([null], null)).toBeUndefined();
});
