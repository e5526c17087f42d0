import fc from "fast-check";
import { expect, test } from "vitest";
import { pack, unpack } from "./columns.ts";
import { type Column, concat, pick, seriesOf, slice, valuesOf } from "./series.ts";
import { tableFrom } from "./table.ts";

const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  fc.constantFrom(1e15, 2 ** 40, 0.25),
);
const text = fc.oneof(fc.constantFrom("Hangar", "Cargo"), fc.string());
const object = fc.constantFrom({ deep: [1] }, ["a"]);
/** A page's column: mostly of one kind, as ESI's are, now and then of several. */
const column: fc.Arbitrary<Column> = fc.oneof(
  fc.array(number),
  fc.array(text, { maxLength: 60 }),
  fc.array(fc.constantFrom(true, false, null)),
  fc.array(fc.constant(null)),
  fc.array(fc.oneof(number, text, object, fc.constant(null))),
);
const pages = fc.array(column, { minLength: 1, maxLength: 5 });

test("columns of pages, whatever their kinds, are joined to what they were", () => {
  fc.assert(
    fc.property(pages, (some) => {
      expect(valuesOf(concat(some.map(seriesOf)))).toEqual(some.flat());
    }),
  );
});

test("picked, or cut, a column has the values that stood there", () => {
  const positions = fc.array(fc.nat(), { maxLength: 20 });
  fc.assert(
    fc.property(pages, positions, fc.nat(), fc.nat(), (some, picked, a, b) => {
      const all = some.flat();
      const series = concat(some.map(seriesOf));
      const order = Uint32Array.from(all.length > 0 ? picked.map((at) => at % all.length) : []);
      const [from = 0, to = 0] = [a % (all.length + 1), b % (all.length + 1)].sort((x, y) => x - y);

      expect(valuesOf(pick(series, order))).toEqual([...order].map((at) => all[at]));
      expect(valuesOf(slice(series, from, to))).toEqual(all.slice(from, to));
    }),
  );
});

test("what is packed, any part of it, is unpacked as it was", async () => {
  await fc.assert(
    fc.asyncProperty(pages, fc.nat(), async (some, cut) => {
      const values = some.flat();
      const at = cut % (values.length + 1);
      const table = { ...tableFrom({}, values.length), series: { column: concat(some.map(seriesOf)) } };

      const { column: unpacked } = await unpack([await pack(table, 0, at), await pack(table, at, values.length)]);

      // JSON knows no negative zero.
      expect(unpacked?.map((value) => (value === 0 ? 0 : value))).toEqual(
        values.map((value) => (value === 0 ? 0 : value)),
      );
    }),
  );
});
