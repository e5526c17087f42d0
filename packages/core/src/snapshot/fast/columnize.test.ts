import fc from "fast-check";
import { expect, test } from "vitest";
import { columnize } from "./columnize.ts";

const columns = ["id", "name", 'a "quoted" name', "list"];
const row = fc.record(
  { id: fc.integer(), name: fc.string(), 'a "quoted" name': fc.boolean(), list: fc.array(fc.nat()) },
  { requiredKeys: [] },
);

test("the generated code makes the columns that a loop over the names makes", () => {
  const shape = { columns, key: ["id"] };
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      const plain = columns.map((name) => [name, rows.map((each) => (each as Record<string, unknown>)[name] ?? null)]);

      expect(columnize(shape, rows)).toEqual(Object.fromEntries(plain));
    }),
  );
});
