import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { pack, unpack } from "./columns.ts";
import { tableFrom } from "./table.ts";

/** How a column is stored, and what is read of it again. */
async function stored(column: unknown[]) {
  const blob = await pack(tableFrom({ column }, column.length), 0, column.length);
  const bytes = gunzipSync(blob);
  const headerEnd = 4 + bytes.readUInt32LE(0);
  const { columns } = JSON.parse(bytes.toString("utf8", 4, headerEnd));
  const read = await unpack([blob]);
  return { ...columns.column, bytes: bytes.length - headerEnd, column: read.column };
}

const bounds = [
  [2 ** 8 - 1, "u8", 1],
  [2 ** 8, "u16", 2],
  [2 ** 16 - 1, "u16", 2],
  [2 ** 16, "u32", 4],
  [2 ** 32 - 1, "u32", 4],
  [2 ** 32, "f64", 8],
] as const;

test.each(bounds)("whole numbers that rise by %i at the most are kept as %s", async (step, width, size) => {
  const column = [7, 7, 7 + step, 8 + step];

  expect(await stored(column)).toMatchObject({ kind: "steps", first: 7, width, bytes: 4 * size, column });
});

test.each(bounds.slice(0, -1))(
  "whole numbers that lie %i apart, in any order, are kept as %s",
  async (range, width, size) => {
    const column = [5, range - 3, -3, 6];

    expect(await stored(column)).toMatchObject({ kind: "offsets", base: -3, width, bytes: 4 * size, column });
  },
);

test.each<[string, unknown[], object]>([
  [
    "numbers further apart than that",
    Array.from({ length: 40 }, (_, at) => (at % 2 ? at : at * 2 ** 32)),
    { kind: "numbers" },
  ],
  ["many fractions", Array.from({ length: 40 }, (_, at) => ((at * 7919) % 40) + 0.5), { kind: "numbers" }],
  ["one and the same number", [3, 3, 3], { kind: "constant", value: 3, bytes: 0 }],
  ["one and the same text", ["a", "a"], { kind: "constant", value: "a", bytes: 0 }],
  ["nothing at all", [null, null], { kind: "constant", value: null, bytes: 0 }],
  ["few texts", ["b", "a", "b", null], { kind: "words", words: ["b", "a", null], width: "u8", bytes: 4 }],
  ["objects", [{ a: 1 }, [2], "x"], {}],
])("%s are kept as they should be, and read again", async (_, column, expected) => {
  expect(await stored(column)).toMatchObject({ ...expected, column });
});

test("blobs of the same rows' parts are one table again, a column that one of them lacks is empty there", async () => {
  const [one, two] = [tableFrom({ a: [1, 2] }, 2), tableFrom({ a: [3], b: ["x"] }, 1)];
  const blobs = [await pack(one, 0, 2), await pack(two, 0, 1)];

  expect(await unpack(blobs)).toEqual({ a: [1, 2, 3], b: [null, null, "x"] });
  expect(await unpack([])).toEqual({});
});
