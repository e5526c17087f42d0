import fc from "fast-check";
import { expect, test } from "vitest";
import { datasets } from "../../owners/corporation/datasets/index.ts";
import { matcherOf } from "./validate.ts";

for (const { name, row } of datasets) {
  test(`${name}: a row that plainly fits is one that its schema takes as it is`, () => {
    const matches = matcherOf(row);
    const value = fc.oneof(
      fc.integer(),
      fc.double(),
      fc.string(),
      fc.constantFrom("2026-11-20T13:00:00Z", "2026-11-20T13:00:00.50Z", "2026-02-30T00:00:00Z", "0001-01-01"),
      fc.boolean(),
      fc.constant(undefined),
      fc.constant(null),
      fc.constant({}),
    );
    const any = fc.record(Object.fromEntries(Object.keys(row.shape).map((column) => [column, value])));

    fc.assert(
      fc.property(any, (candidate) => {
        if (!matches(candidate)) return;
        expect(row.parse(candidate)).toEqual(candidate);
      }),
    );
  });
}

test("what is no row at all does not fit", () => {
  for (const { row } of datasets)
    for (const value of [null, undefined, 1, "row", []]) expect(matcherOf(row)(value)).toBe(false);
});
