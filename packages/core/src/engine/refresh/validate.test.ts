import fc from "fast-check";
import { expect, test } from "vitest";
import * as z from "zod";
import { removeNulls } from "../../eve/esi/shape.ts";
import { get } from "../../owners/corporation/datasets/index.ts";
import * as Snapshot from "../../snapshot/index.ts";
import { type Row, shapeOf } from "../dataset/index.ts";
import { fieldsOf, validatePage, validateRows } from "./validate.ts";

const assets = get("assets");
const fields = fieldsOf(assets.row) ?? [];
const scan = Snapshot.scannerOf(fields);

const viewOf = (table: Snapshot.Table) => Snapshot.View.ofTable(shapeOf(assets), 1, table);
/** As a body is parsed: null is absent. */
const parse = (body: Buffer): Row[] => {
  const rows = JSON.parse(body.toString()) as Row[];
  removeNulls(rows, { kind: "list" });
  return rows;
};

const columnsOf = (table: Snapshot.Table) => viewOf(table).columns;

const anyOf: Record<Snapshot.Field["kind"], fc.Arbitrary<unknown>> = {
  integer: fc.oneof(
    fc.integer(),
    fc.integer({ min: 1_000_000_000_000, max: 1_099_999_999_999 }),
    fc.constantFrom(0, -1, Number.MAX_SAFE_INTEGER),
  ),
  number: fc.double({ noNaN: true, noDefaultInfinity: true }),
  text: fc.oneof(fc.constantFrom("Hangar", "CorpSAG1", "", "a b"), fc.string()),
  boolean: fc.boolean(),
  moment: fc.constantFrom("2026-11-20T13:00:00Z", "2026-11-20T13:00:00.5Z"),
};
const row = fc.record(Object.fromEntries(fields.map(({ name, kind }) => [name, anyOf[kind]])), {
  requiredKeys: fields.filter(({ optional }) => !optional).map(({ name }) => name),
});
const odd = fc.oneof(
  row.map((each) => ({ ...each, quantity: 1.5 })),
  row.map((each) => ({ ...each, location_flag: null })),
  row.map((each) => ({ ...each, is_blueprint_copy: null })),
  row.map((each) => ({ ...each, added_by_ccp: [{ deep: true }] })),
  row.map(({ item_id: _, ...each }) => each),
  row.map((each) => Object.fromEntries(Object.entries(each).reverse())),
  fc.constantFrom(null, 1, "row", [], {}),
);
const page = fc.array(fc.oneof({ weight: 9, arbitrary: row }, { weight: 1, arbitrary: odd }), { maxLength: 40 });

test("a page means the same whether it is scanned or parsed", () => {
  let scanned = 0;
  fc.assert(
    fc.property(page, (rows) => {
      const body = Buffer.from(JSON.stringify(rows));
      const expected = validateRows(assets, parse(body));

      const validated = validatePage(assets, body, () => parse(body));

      scanned += scan(body) ? 1 : 0;
      expect(columnsOf(validated.table)).toEqual(columnsOf(expected.table));
      expect([validated.setAside, validated.keptKeys]).toEqual([expected.setAside, expected.keptKeys]);
    }),
    { numRuns: 300 },
  );
  expect(scanned).toBeGreaterThan(20);
});

test("whatever byte of a page is another one, the scan takes only what the schema would", () => {
  const damage = fc.record({ at: fc.nat(), value: fc.integer({ min: 0x20, max: 0xff }), cut: fc.boolean() });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 3 }), damage, (rows, { at, value, cut }) => {
      const body = Buffer.from(JSON.stringify(rows));
      body[at % body.length] = value;
      const damaged = cut ? body.subarray(0, at % body.length) : body;

      const table = scan(damaged);

      if (!table) return;
      const expected = validateRows(assets, parse(damaged));
      expect(expected.setAside).toBe(0);
      expect(columnsOf(table)).toEqual(columnsOf(expected.table));
    }),
    { numRuns: 3_000 },
  );
});

test("thousands of rows, and more distinct texts than are few", () => {
  const rows = Array.from({ length: 3_000 }, (_, index) => ({
    ...{ item_id: index, type_id: 34, quantity: index % 7, location_id: 60_003_760, location_type: "station" },
    ...{ location_flag: `Flag ${index % 2_500}`, is_singleton: index % 3 === 0 },
    ...(index % 5 === 0 ? { is_blueprint_copy: true } : {}),
  }));

  const table = scan(Buffer.from(JSON.stringify(rows)));

  expect(table && viewOf(table).rows()).toEqual(rows);
  expect(table && columnsOf(table).is_blueprint_copy?.slice(0, 3)).toEqual([true, null, null]);
});

test("a number of any kind is the number that JSON.parse makes of it", () => {
  const number = Snapshot.scannerOf([{ name: "isk", kind: "number", optional: true }]);
  const parsed = (text: string) => (JSON.parse(text) as { isk?: number }[]).map(({ isk }) => isk ?? null);
  const plain = ["0", "-0", "1.25", "-1e3", "9007199254740993", "1E-7", "123456789012345.6", "12345678901234567890123"];
  const odd = ["01", "-", "+1", "1.", ".5", "1e", "1e999", "1-2", "--1", '"1"', "nul"];

  const read = (text: string) => {
    const table = number(Buffer.from(text));
    return table && Snapshot.View.ofTable({ columns: ["isk"], key: ["isk"] }, 1, table).columns.isk;
  };

  for (const value of plain) expect(read(`[{"isk":${value}}]`)).toEqual(parsed(`[{"isk":${value}}]`));
  for (const value of odd) expect(read(`[{"isk":${value}}]`)).toBeUndefined();
});

test("null in a field that may be missing is scanned as if it were", () => {
  const rows = [{ item_id: 1, is_blueprint_copy: null }, { item_id: 2, is_blueprint_copy: true }, { item_id: 3 }];
  const flags = Snapshot.scannerOf(fields.filter(({ name }) => name === "item_id" || name === "is_blueprint_copy"));

  const table = flags(Buffer.from(JSON.stringify(rows)));

  expect(table && columnsOf(table).is_blueprint_copy).toEqual([null, true, null]);
  expect(flags(Buffer.from('[{"item_id":null}]'))).toBeUndefined();
  expect(flags(Buffer.from('[{"item_id":1,"is_blueprint_copy":nul}]'))).toBeUndefined();
});

test("one name twice in a row, or a blank, is left to JSON.parse", () => {
  const one = Snapshot.scannerOf([{ name: "id", kind: "integer", optional: false }]);
  const isRead = (text: string) => one(Buffer.from(text)) !== undefined;

  expect(["[]", '[{"id":1}]', '[{"id":1},{"id":2}]'].map(isRead)).toEqual([true, true, true]);
  expect(['[{"id":1,"id":2}]', '[ {"id":1}]', '[{"id":1}] ', '{"id":1}', "[", "", "[{}]"].filter(isRead)).toEqual([]);
});

test("what a double does not hold is no integer, and texts of one hash are left to JSON.parse", () => {
  const both = Snapshot.scannerOf([
    { name: "id", kind: "integer", optional: false },
    { name: "name", kind: "text", optional: false },
  ]);
  const read = (rows: string) => both(Buffer.from(`[${rows}]`));

  expect(read('{"id":999999999999999,"name":"Aa"},{"id":2,"name":"Bb"}')).toBeDefined();
  expect(read('{"id":9007199254740993,"name":"Aa"}')).toBeUndefined();
  expect(read('{"id":1,"name":"Aa"},{"id":2,"name":"BB"}')).toBeUndefined();
});

test("assets, of which there are a hundred thousand, are scanned; rows that are not flat are not", () => {
  const isScanned = (schema: z.ZodObject) => fieldsOf(schema) !== undefined;

  expect(isScanned(assets.row)).toBe(true);
  expect(isScanned(z.object({ id: z.int(), names: z.array(z.string()) }))).toBe(false);
  expect(isScanned(z.object({ id: z.int(), name: z.string().min(1) }))).toBe(false);
});
