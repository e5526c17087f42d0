import { expect, test } from "vitest";
import { tableOf as storedTable } from "../../snapshot/index.ts";
import { viewOf } from "../../snapshot/view.ts";
import type { ColumnView, Dataset, Row } from "../dataset/index.ts";
import type { Names, Table } from "../table/index.ts";
import { encodedColumn } from "../table/index.ts";
import { page, Sorted } from "./page.ts";
import { match, type Selection, textOf } from "./select.ts";

const columns = {
  id: { title: "Id", kind: "id" },
  name: { title: "Name", kind: "text" },
  kind: { title: "Kind", kind: "enum" },
  pilot: { title: "Pilot", kind: "character" },
  wallet: { title: "Wallet", kind: "division" },
  amount: { title: "Amount", kind: "number" },
  day: { title: "Day", kind: "date" },
  ok: { title: "Ok", kind: "boolean" },
  more: { title: "More", kind: "text" },
} as const satisfies Record<string, ColumnView>;

const rows: Row[] = [
  { id: 1, name: "Árpád", kind: "buy", pilot: 7, wallet: 2, amount: 10, day: "2026-03-01T10:00:00Z", ok: true },
  { id: 2, name: "arpad", kind: "sell", pilot: 8, wallet: 1, amount: 9, day: "2026-03-01T10:00:00.5Z", ok: false },
  { id: 3, kind: "buy", pilot: 9, wallet: 3, amount: 100, day: "2026-03-02T00:00:00Z", more: { a: 1 } },
  { id: 4, name: "7", pilot: 7, amount: 9, ok: true },
];

const names: Names = {
  version: "1",
  of: (kind, id) =>
    ({ character: { 7: "Ann Example", 8: "bob" }, division: { 1: "Zeta", 2: "Alpha" } })[kind as "character"]?.[
      id as 7
    ],
};

function tableOf(period: Table["period"] = {}, dateColumn: string | undefined = "day", of = rows): Table {
  const shape = { columns: Object.keys(columns), key: ["id"] };
  const view = viewOf(shape, storedTable(shape, of), 1);
  const dataset = { name: "things", sort: "name", ...(dateColumn ? { dateColumn } : {}) } as unknown as Dataset;
  return { dataset, view, columns, period, moment: 0, encoded: (column) => encodedColumn(view, column) };
}

const found = (selection: Partial<Selection>, table = tableOf()) =>
  [...match(table, names, { filters: {}, ...selection })].flatMap((mark, at) => (mark ? [at + 1] : []));

test.each<[string, number[]]>([
  ["", [1, 2, 3, 4]],
  ["   ", [1, 2, 3, 4]],
  ["ARP", [1, 2]],
  [" árpád ", [1, 2]],
  ["buy", [1, 3]],
  ["example", [1, 4]],
  ["BOB", [2]],
  ["9", [3]],
  ["undefined", []],
  ["true", []],
  ["alpha", []],
  ["2026", []],
])("a search for %j looks into what people read: texts, kinds, and names of ids", (search, expected) => {
  expect(found({ search })).toEqual(expected);
});

test.each<[Selection["filters"], number[]]>([
  [{}, [1, 2, 3, 4]],
  [{ name: "arpad" }, [2]],
  [{ name: "ARPAD" }, [1, 2]],
  [{ name: ["Árpád", "7"] }, [1, 4]],
  [{ name: "undefined" }, []],
  [{ kind: "buy" }, [1, 3]],
  [{ kind: "BUY" }, [1, 3]],
  [{ kind: ["buy", "sell"], amount: "9" }, [2]],
  [{ pilot: "7" }, [1, 4]],
  [{ pilot: "ann example" }, [1, 4]],
  [{ pilot: "Bob" }, [2]],
  [{ pilot: "9" }, [3]],
  [{ wallet: "Alpha" }, [1]],
  [{ wallet: "zeta" }, [2]],
  [{ amount: "9" }, [2, 4]],
  [{ amount: "9.0" }, []],
  [{ amount: ["10", "100"] }, [1, 3]],
  [{ day: "2026-03-01T10:00:00Z" }, [1]],
  [{ day: "2026-03-01T11:00:00+01:00" }, [1]],
  [{ day: "2026-03-01T10:00:00.500Z" }, [2]],
  [{ day: "March" }, []],
  [{ ok: "true" }, [1, 4]],
  [{ ok: "FALSE" }, [2]],
  [{ more: '{"a":1}' }, [3]],
  [{ name: [] }, []],
])("a filter %j takes the value itself, then names, then what folds to the same", (filters, expected) => {
  expect(found({ filters })).toEqual(expected);
});

test.each<[Partial<Selection>, number[]]>([
  [{ absent: ["name"] }, [3]],
  [{ absent: ["ok"], filters: { ok: "false" } }, [2, 3]],
  [{ absent: ["ok"], filters: { kind: "buy" } }, [3]],
  [{ absent: ["id"] }, []],
  [{ absent: ["name", "kind"] }, []],
  [{ filters: { kind: "buy" }, search: "ann" }, [1]],
])("rows without a value pass only where absence is asked for: %j", (selection, expected) => {
  expect(found(selection)).toEqual(expected);
});

test.each<[Table["period"], number[]]>([
  [{}, [1, 2, 3, 4]],
  [{ from: "2026-03-01T10:00:00Z" }, [1, 2, 3]],
  [{ from: "2026-03-01T10:00:00.4Z" }, [2, 3]],
  [{ from: "2026-03-01T10:00:01Z" }, [3]],
  [{ to: "2026-03-01T10:00:00Z" }, [1]],
  [{ to: "2026-03-01T10:00:00.5Z" }, [1, 2]],
  [{ from: "2026-03-01T10:00:00.5Z", to: "2026-03-01T23:59:59.999999999Z" }, [2]],
])("a period %j holds both its ends, and no row without a moment", (period, expected) => {
  expect(found({}, tableOf(period))).toEqual(expected);
});

test("where no column says when, a period means nothing", () => {
  expect(found({}, tableOf({ from: "2030-01-01T00:00:00Z" }, ""))).toEqual([1, 2, 3, 4]);
});

test("a cell without a value has no text, one with an unnamed id its number", () => {
  const table = tableOf();

  expect([undefined, null].map((value) => textOf(table, names, "name", value))).toEqual([undefined, undefined]);
  expect([7, 9].map((id) => textOf(table, names, "pilot", id))).toEqual(["Ann Example", "9"]);
  expect(textOf(table, names, "nowhere", 7)).toBe("7");
});

test.each<[string, number[]]>([
  ["amount", [2, 4, 1, 3]],
  ["-amount", [3, 1, 4, 2]],
  ["name", [4, 2, 1, 3]],
  ["-name", [1, 2, 4, 3]],
  ["day", [1, 2, 3, 4]],
  ["-day", [3, 2, 1, 4]],
  ["pilot", [3, 1, 4, 2]],
  ["wallet", [2, 1, 3, 4]],
])("sorted by %s each row comes once, numbers as numbers, those without a value last", (sort, expected) => {
  const hasRoom = (_: number, count: number) => count < 2;
  const table = tableOf();
  const first = page(table, names, { filters: {}, sort }, { hasRoom });
  const second = page(table, names, { filters: {}, sort }, { hasRoom, after: first.last });
  const rowsOf = ({ rows: found }: { rows: number[] }) => found.map((at) => at + 1);

  expect([...rowsOf(first), ...rowsOf(second)]).toEqual(expected);
  expect([first.matched, second.matched, second.last]).toEqual([4, 4, undefined]);
});

test("a label is part of a cursor up to two hundred characters; a longer one is looked up again", () => {
  const longest = "b".repeat(200);
  const named = ["a", longest, `${longest}b`, undefined].map(
    (name, at): Row => ({ id: at + 1, ...(name && { name }) }),
  );
  const sorted = new Sorted(tableOf({}, "day", named), names, "name");

  const lasts = [0, 1, 2, 3].map((row) => sorted.last(row));

  expect(lasts).toEqual([{ key: 1, label: "a" }, { key: 2, label: longest }, { key: 3 }, { key: 4, label: null }]);
  expect(lasts.map((last) => sorted.placeAfter(last))).toEqual([1, 2, 3, 4]);
  expect(sorted.placeAfter({ key: 1, label: "bb" })).toBe(1);
  expect(() => sorted.placeAfter({ key: 99, label: "x" })).toThrow(/no longer there/);
});
