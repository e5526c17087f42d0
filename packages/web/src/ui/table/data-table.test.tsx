// @vitest-environment happy-dom
import { fireEvent, screen, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { show } from "../../../test/page.tsx";
import type { DatasetColumn, Row } from "../../api/contract.ts";
import { drawSince, drawWhole, toTableColumn } from "../../dataset/cells.tsx";
import type { TableColumn, TableSort } from "./column.ts";
import { DataTable } from "./data-table.tsx";

interface Thing {
  id: number;
  name: string;
}

const columns: TableColumn<Thing>[] = [
  { key: "name", title: "Name", cell: ({ name }) => name, width: 100, sortable: true },
  { key: "id", title: "Id", cell: ({ id }) => `no ${id}`, width: 50, grow: 2, sortable: true, descendingFirst: true },
  { key: "plain", title: "Plain", cell: () => "p", width: 30, align: "end" },
  { key: "more", title: "More", cell: () => "hidden at first", width: 10, hidden: true },
];
const things = (count: number): Thing[] => Array.from({ length: count }, (_, id) => ({ id, name: `Thing ${id}` }));

async function open(over: Partial<Parameters<typeof DataTable<Thing>>[0]> = {}) {
  const view = show(<DataTable label="Things" columns={columns} rows={things(100)} empty="Nothing here" {...over} />);
  const grid = await screen.findByRole("grid", { name: "Things" });
  const active = () => within(grid).queryAllByRole("row", { selected: true })[0]?.textContent;
  const press = (key: string) => fireEvent.keyDown(grid, { key });
  return { ...view, grid, active, press };
}

test("a table tells how many rows and columns it has, draws those in sight, and the hidden only when chosen", async () => {
  const { grid } = await open({ rowCount: 5_000, visibility: { more: true, plain: false } });

  expect(grid.getAttribute("aria-rowcount")).toBe("5000");
  expect(grid.getAttribute("aria-colcount")).toBe("3");
  expect(screen.getAllByRole("columnheader").map(({ textContent }) => textContent)).toEqual(["Name", "Id", "More"]);
  await screen.findByText("Thing 0");
  expect(screen.queryByText("Thing 99")).toBeNull();
  const [, first] = within(grid).getAllByRole("row");
  expect(first?.getAttribute("aria-rowindex")).toBe("2");
  expect(first?.textContent).toBe("Thing 0no 0hidden at first");
  expect(first?.style.gridTemplateColumns).toBe("minmax(100px, 1fr) minmax(50px, 2fr) minmax(10px, 1fr)");
});

test("without a count of the server's the table has the rows that it holds", async () => {
  const { grid } = await open();

  expect(grid.getAttribute("aria-rowcount")).toBe("100");
  expect(grid.getAttribute("aria-colcount")).toBe("3");
});

test("the arrow keys walk through the rows and stop at both ends; Enter opens the one that is chosen", async () => {
  const onOpen = vi.fn();
  const { active, press } = await open({ onOpen, rows: things(4) });
  const walked: unknown[] = [];
  const walk = (...keys: string[]) => {
    for (const key of keys) press(key);
    walked.push(active());
  };

  press("Enter");
  expect(onOpen).not.toHaveBeenCalled();
  walk("ArrowDown");
  walk("ArrowDown", "ArrowDown");
  walk("ArrowUp");
  walk("End");
  walk("ArrowDown");
  walk("Home");
  walk("ArrowUp");
  walk("PageDown");
  walk("PageUp");
  walk("x");
  press("ArrowDown");
  press("Enter");

  const row = (at: number) => `Thing ${at}no ${at}p`;
  expect(walked).toEqual([0, 2, 1, 3, 3, 0, 0, 3, 0, 0].map(row));
  expect(onOpen.mock.calls).toEqual([[{ id: 1, name: "Thing 1" }]]);
});

test("a page of keys is a page of rows, and other keys are left to others", async () => {
  const { active, press } = await open({ rows: things(100) });

  press("Home");
  const isTaken = !press("PageDown");
  const isLeft = press("Tab");

  expect(active()).toBe("Thing 15no 15p");
  expect([isTaken, isLeft]).toEqual([true, true]);
});

test("keys that are meant for something in the table, or for a table without rows, are left alone", async () => {
  const { active, unmount } = await open({ onSort: () => undefined });
  const isLeft = fireEvent.keyDown(screen.getByRole("button", { name: "Name" }), { key: "ArrowDown" });
  const before = active();
  unmount();
  const { press } = await open({ rows: [] });

  expect([isLeft, before, press("ArrowDown")]).toEqual([true, undefined, true]);
});

test("a click chooses a row and opens it", async () => {
  const onOpen = vi.fn();
  const { active, user } = await open({ onOpen });

  await user.click(await screen.findByText("Thing 2"));

  expect(active()).toBe("Thing 2no 2p");
  expect(onOpen.mock.calls).toEqual([[{ id: 2, name: "Thing 2" }]]);
});

test("more rows are asked for two screens before the end, and not before, or when there are none", async () => {
  const asked = async (rows: number, hasMore: boolean) => {
    const onMore = vi.fn();
    const { unmount } = await open({ rows: things(rows), hasMore, onMore });
    await screen.findByText("Thing 0");
    unmount();
    return onMore.mock.calls.length > 0;
  };

  expect([await asked(60, true), await asked(400, true), await asked(60, false)]).toEqual([true, false, false]);
});

test("while it loads it is busy and does not say that it is empty", async () => {
  const loading = await open({ rows: [], loading: true });
  expect(loading.grid.getAttribute("aria-busy")).toBe("true");
  expect(screen.queryByText("Nothing here")).toBeNull();
  loading.unmount();

  const { grid } = await open({ rows: [] });
  expect(grid.getAttribute("aria-busy")).not.toBe("true");
  expect(screen.getByText("Nothing here")).toBeDefined();
});

test.each<[string, TableSort | undefined, TableSort | undefined]>([
  ["Name", undefined, { key: "name", descending: false }],
  ["Name", { key: "name", descending: false }, { key: "name", descending: true }],
  ["Name", { key: "name", descending: true }, undefined],
  ["Id", undefined, { key: "id", descending: true }],
  ["Id", { key: "id", descending: true }, { key: "id", descending: false }],
  ["Id", { key: "name", descending: false }, { key: "id", descending: true }],
])("a click on %s, sorted by %j, asks for %j", async (title, sort, next) => {
  const onSort = vi.fn();
  const { user } = await open({ sort, onSort });

  await user.click(screen.getByRole("button", { name: title }));

  expect(onSort.mock.calls).toEqual([[next]]);
  const said = screen.getAllByRole("columnheader").map((each) => each.getAttribute("aria-sort"));
  const direction = sort && (sort.descending ? "descending" : "ascending");
  expect(said).toEqual(["name", "id", "plain"].map((key) => (key === sort?.key ? direction : "none")));
  expect(screen.queryByRole("button", { name: "Plain" })).toBeNull();
});

const draw = async (kind: string, row: Row, whole = false) => {
  const column = { key: "it", title: "It", kind } as DatasetColumn;
  const cell = whole ? drawWhole(column, row) : toTableColumn(column).cell(row);
  const { container } = show(<div data-testid="cell">{cell}</div>);
  return within(container).findByTestId("cell");
};

test.each<[string, Row, string, string?]>([
  ["id", { it: 1234 }, "1234"],
  ["text", { it: "plain words" }, "plain words"],
  ["text", { it: "Hangar_Query_1, Hangar_Take_1" }, "Hangar Query 1, Hangar Take 1"],
  ["text", { it: "Director, Hangar_Take_1" }, "Director, Hangar Take 1"],
  ["text", { it: "snake_case here" }, "snake_case here"],
  ["text", { it: { a: 1 } }, "A 1"],
  ["text", { it: "" }, "–"],
  ["text", {}, "–"],
  ["text", { it: null }, "–"],
  ["number", { it: 0 }, "0"],
  ["number", { it: 1234.5 }, "1,234.5"],
  ["isk", { it: -5 }, "-5.00", "text-failed"],
  ["isk", { it: 0 }, "0.00"],
  ["boolean", { it: false }, "No"],
  ["type", { it: 34, it_name: "Tritanium" }, "TTritanium"],
  ["type", { it: 34 }, "?34", "text-muted"],
  ["character", { it: 7, it_name: "Ann Example" }, "AEAnn Example"],
  ["party", { it: 7, it_name: "Ann Example" }, "Ann Example"],
  ["party", { it: 7, it_name: "" }, "7", "text-muted"],
  ["location", { it: 60003760 }, "60003760", "text-muted"],
  ["system", { it: 30000142, it_name: "Jita" }, "Jita"],
  ["division", { it: 1 }, "Master wallet"],
  ["division", { it: 2 }, "Division 2"],
  ["division", { it: 2, it_name: "Taxes" }, "Taxes"],
  ["hangar", { it: 3 }, "Hangar 3"],
  ["enum", { it: "CorpSAG7" }, "Hangar 7"],
  ["enum", { it: "CorpSAG8" }, "Corp SAG8"],
  ["enum", { it: "player_donation" }, "Player donation"],
  ["something new", { it: "player_donation" }, "player_donation"],
])("a value of kind %s, %j, reads %j", async (kind, row, text, look) => {
  const cell = await draw(kind, row);

  expect(cell.textContent).toBe(text);
  const looks = ["text-failed", "text-muted"].filter((each) => cell.querySelector(`.${each}`) && kind !== "id");
  expect(looks).toEqual(look ? [look] : []);
});

test("a moment is written in EVE time, a day as a day, and both tell their age", async () => {
  const day = 86_400_000;
  const at = new Date(Date.now() - 3 * day - 5_400_000).toISOString();

  const moment = (await draw("date", { it: at })).firstElementChild;
  expect(moment?.getAttribute("title")).toBe("3 d 1 h ago");
  expect(moment?.firstElementChild?.textContent).toBe(at.slice(0, 16).replace("T", " ").replaceAll("-", "."));

  const since = show(<i>{drawSince({ it: at }, "it")}</i>);
  expect((await since.findAllByText("3 d 1 h ago")).length).toBeGreaterThan(0);
});

test("a day has no time, and what is true has a mark", async () => {
  const day = await draw("date", { it: "2026-02-03" });
  expect(day.querySelector("span span")?.textContent).toBe("2026.02.03");

  const yes = await draw("boolean", { it: true });
  expect(within(yes).getByLabelText("Yes")).toBeDefined();
});

test("a value with room to spare stands open", async () => {
  expect((await draw("text", { it: ["a", "b"] }, true)).textContent).toBe("AB");
});

test.each<[string, Partial<TableColumn<Row>>]>([
  ["number", { align: "end", descendingFirst: true, card: "figure" }],
  ["isk", { align: "end", descendingFirst: true, card: "figure" }],
  ["date", { align: "start", descendingFirst: true, card: "line" }],
  ["text", { align: "start", descendingFirst: false, card: "line", sortable: true, hidden: false }],
])("a column of kind %s is %j", (kind, expected) => {
  expect(toTableColumn({ key: "it", title: "It", kind } as DatasetColumn)).toMatchObject(expected);
});
