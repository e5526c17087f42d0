import { expect, test } from "vitest";
import { cell } from "./index.ts";

test("what is nested in a row is one cell, as JSON", () => {
  const text = cell([{ type_id: 34, quantity: 5 }]);

  expect(text).toBe('"[{""type_id"":34,""quantity"":5}]"');
});

test.each([
  [undefined, ""],
  [null, ""],
  [0, "0"],
  [false, "false"],
  ["=1+1", "'=1+1"],
  ['a "b", c', '"a ""b"", c"'],
])("%o is written as %s", (value, text) => {
  expect(cell(value)).toBe(text);
});
