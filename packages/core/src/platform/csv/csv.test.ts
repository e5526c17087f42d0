import fc from "fast-check";
import { expect, test } from "vitest";
import { cell, dateCell, Part } from "./index.ts";

test("what is nested in a row is one cell, as JSON", () => {
  const text = cell([{ type_id: 34, quantity: 5 }], "people");

  expect(text).toBe('"[{""type_id"":34,""quantity"":5}]"');
});

test.each([
  [undefined, ""],
  [null, ""],
  [0, "0"],
  [-1.5, "-1.5"],
  [-0.25e-7, "-2.5e-8"],
  [false, "false"],
  ['a "b", c', '"a ""b"", c"'],
  ["a\r\nb", '"a\r\nb"'],
  [" outer ", '" outer "'],
])("%o is written as %s, for people and machines alike", (value, text) => {
  expect([cell(value, "people"), cell(value, "raw")]).toEqual([text, text]);
});

const formulas = [
  "=1+1",
  "+cmd",
  "-2",
  "-A- doctrine",
  "@SUM(A1)",
  "\tx",
  "\rx",
  "\nx",
  "\n=1+1",
  " =1+1",
  "\u00a0=1+1",
  "\u3000\u2003+1",
  "\u200b=1+1",
  "\ufeff=1+1",
  "＝1+1",
  "＋1",
  "－1",
  "＠SUM(A1)",
  "\u202f＝1",
  "﹢1",
  "−1",
  '"=1+1',
  "“=1+1”",
  "'=1+1",
  "\u0000=1+1",
];

test.each(formulas)("%o does not begin as a formula for people, and is as it is for machines", (text) => {
  const plain = (written: string) => (written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written);

  expect(plain(cell(text, "people"))).toBe(`'${text}`);
  expect(plain(cell(text, "raw"))).toBe(text);
});

test("whatever a text is, leaving out one leading apostrophe gives it back, and so two texts never become one", () => {
  const unguarded = (written: string) => (written.startsWith("'") ? written.slice(1) : written);
  const plain = (written: string) => (written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written);

  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom(...formulas)), (text) => {
      expect(unguarded(plain(cell(text, "people")))).toBe(text);
      expect(plain(cell(text, "raw"))).toBe(text);
    }),
  );
});

test("a date is never disarmed, not even one before the year nought", () => {
  expect([dateCell("-000001-01-01T00:00:00Z"), dateCell(undefined)]).toEqual(["-000001-01-01T00:00:00Z", ""]);
});

test("a part is full before what Lambda answers with, however much its lines grow on the way", () => {
  const lambda = 6 * 1024 * 1024;
  for (const unit of ["a", '"', "\\", "\u0001", "é", "☃", "\ud83d\ude00"]) {
    const part = new Part("heading");
    let lines = 0;
    while (part.add(unit.repeat(1_000))) lines += 1;
    const text = part.text({ bom: true });

    expect(lines).toBeGreaterThan(100);
    expect(Buffer.byteLength(JSON.stringify(text)), unit).toBeLessThan(lambda);
    expect((Buffer.byteLength(text) * 4) / 3, unit).toBeLessThan(lambda);
  }
});

test("one line always has room, so that a file comes to its end", () => {
  const part = new Part();

  expect([part.add("x".repeat(5_000_000)), part.add("y")]).toEqual([true, false]);
});
