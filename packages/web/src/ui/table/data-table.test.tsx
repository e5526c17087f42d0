// @vitest-environment happy-dom
import { fireEvent, screen, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { show } from "../../../test/page.tsx";
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
