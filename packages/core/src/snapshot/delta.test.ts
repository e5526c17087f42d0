import { expect, test } from "vitest";
import { apply, type Delta, isEmpty, Unwinding } from "./delta.ts";
import { tableOf } from "./table.ts";
import { viewOf } from "./view.ts";

const shape = { columns: ["id", "name"], key: ["id"] };
const row = (id: number, name = "x") => ({ id, name });
const view = viewOf(shape, tableOf(shape, [row(2), row(4), row(6)]), 3);
const nothing: Delta = { added: [], removed: [], changed: [] };
const change = (key: number) => ({ key, before: { name: "x" }, after: { name: "y" } });

test.each<[string, Partial<Delta>]>([
  ["adds a row that is there", { added: [row(4)] }],
  ["adds the first row anew", { added: [row(2)] }],
  ["adds the last row anew", { added: [row(6)] }],
  ["removes a row that is not there", { removed: [row(3)] }],
  ["removes a row behind the last", { removed: [row(7)] }],
  ["changes a row that is not there", { changed: [change(5)] }],
])("a delta that %s is corruption, and told", (_, delta) => {
  expect(() => apply(view, { ...nothing, ...delta }, 4)).toThrow(/a delta (does not fit version 3|adds a row)/);
});

test.each<[Partial<Delta>, number[], string[]]>([
  [{}, [2, 4, 6], ["x", "x", "x"]],
  [{ added: [row(1, "a"), row(3, "b"), row(7, "c")] }, [1, 2, 3, 4, 6, 7], ["a", "x", "b", "x", "x", "c"]],
  [{ removed: [row(2), row(6)] }, [4], ["x"]],
  [{ removed: [row(4)], added: [row(4, "z")] }, [2, 4, 6], ["x", "z", "x"]],
  [{ changed: [change(6)], removed: [row(2)] }, [4, 6], ["x", "y"]],
])(
  "a delta %j leads to the next version, which has its number, and leaves the one before as it was",
  (delta, ids, names) => {
    const next = apply(view, { ...nothing, ...delta }, 4);

    expect(next.rows()).toEqual(ids.map((id, at) => row(id, names[at])));
    expect([next.version, view.version]).toEqual([4, 3]);
    expect(view.rows()).toEqual([row(2), row(4), row(6)]);
  },
);

test("a delta that changes a row which a later one adds is corruption, and told", () => {
  const unwinding = new Unwinding(view);
  unwinding.take({ ...nothing, added: [row(4)] });

  expect(() => unwinding.take({ ...nothing, changed: [change(4)] })).toThrow(/a later one adds/);
});

test.each<[Partial<Delta>, boolean]>([
  [{}, true],
  [{ added: [row(1)] }, false],
  [{ removed: [row(1)] }, false],
  [{ changed: [change(1)] }, false],
])("a delta %j changes nothing: %s", (delta, expected) => {
  expect(isEmpty({ ...nothing, ...delta })).toBe(expected);
});
