import fc from "fast-check";
import { expect, test } from "vitest";
import { compareKeys } from "../shape.ts";
import { isAscending, orderOf } from "./order.ts";

/** What the order has to be, said as plainly as can be: the last of each key, by comparison. */
const plainly = (keys: (number | string)[]): number[] =>
  [...new Map(keys.map((key, at) => [key, at])).entries()].sort(([a], [b]) => compareKeys(a, b)).map(([, at]) => at);

const check = (keys: fc.Arbitrary<(number | string)[]>, numRuns: number) =>
  fc.assert(
    fc.property(keys, (some) => {
      const order = [...orderOf(some)];
      expect(order).toEqual(plainly(some));
      expect(isAscending(order.map((at) => some[at] as number | string))).toBe(true);
    }),
    { numRuns },
  );

test("keys of any kind stand in one order, and of equal ones the last counts", () => {
  check(fc.array(fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string())), 200);
});

test("thousands of ids are ordered by their digits, however far they lie apart", () => {
  const length = { minLength: 4_000, maxLength: 4_200 };
  const near = fc.array(fc.integer({ min: 1_000_000_000_000, max: 1_000_000_009_000 }), length);
  const far = fc.array(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), length);
  const signed = fc.array(fc.integer({ min: -70_000, max: 70_000 }), length);
  for (const keys of [near, far, signed]) check(keys, 4);
});
