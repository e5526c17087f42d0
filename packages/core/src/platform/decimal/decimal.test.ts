import fc from "fast-check";
import { expect, test } from "vitest";
import { decimalOf, Sums, sumOf, textOf, travelling } from "./index.ts";

test.each([
  [[0.1, 0.2, -0.3], 0],
  [[500000.4316, 0.0001], 500000.4317],
  [[1e9, 0.01], 1000000000.01],
  [[90e12, 90e12, 0.01], "180000000000000.01"],
  [[2 ** 53, 1], "9007199254740993"],
  [[-(2 ** 53), -1], "-9007199254740993"],
  [[1e21, 1e-7], "1000000000000000000000.0000001"],
  [[], 0],
])("%o add up to %s", (values, sum) => {
  expect(sumOf(values)).toBe(sum);
});

const isk = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e18, max: 1e18 }),
  fc.integer({ min: -1e15, max: 1e15 }).map((cents) => cents / 100),
  fc.integer({ min: -1e10, max: 1e10 }).map((units) => units / 10_000),
);

/** By exact fractions, with no arithmetic of ours: each number's digits over a power of ten. */
function fraction(values: number[]): bigint {
  const scale = 400;
  return values.reduce((sum, value) => {
    const [digits = "0", exponent = "0"] = value.toExponential().split("e");
    const [whole = "0", rest = ""] = digits.split(".");
    return sum + BigInt(whole + rest) * 10n ** BigInt(scale + Number(exponent) - rest.length);
  }, 0n);
}

test("sums of several groups are those of exact fractions, of whatever numbers", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), isk), { maxLength: 200 }), (entries) => {
      const sums = new Sums(3);
      for (const [group, value] of entries) sums.add(group, value);

      for (const group of [0, 1, 2]) {
        const { units, scale } = sums.of(group);
        const values = entries.flatMap(([of, value]) => (of === group ? [value] : []));
        expect(units * 10n ** BigInt(400 - scale)).toBe(fraction(values));
      }
    }),
  );
});

test("what travels is exactly the sum, as a number where a double says so and as a text elsewhere", () => {
  fc.assert(
    fc.property(isk, isk, (a, b) => {
      const sum = travelling({ units: decimalOf(a).units, scale: decimalOf(a).scale });
      expect(Number(sum)).toBe(a + 0);
      const both = sumOf([a, b]);
      expect(textOf(decimalOf(both))).toBe(textOf(decimalOf(sumOf([b, a]))));
    }),
  );
});

test.each<[string, number | string]>([
  ["9007199254740991", 9007199254740991],
  ["-9007199254740991", -9007199254740991],
  ["9007199254740992", "9007199254740992"],
  ["-9007199254740992", "-9007199254740992"],
  ["0.1", 0.1],
  ["12345678901234.5678", "12345678901234.5678"],
])("%s travels as %o: the last whole number that a double tells from the next is a number still", (text, travelled) => {
  const [whole = "", fraction = ""] = text.split(".");

  expect(travelling({ units: BigInt(whole + fraction), scale: fraction.length })).toBe(travelled);
});
