// @vitest-environment happy-dom
import { within } from "@testing-library/react";
import { expect, test } from "vitest";
import { show } from "../../test/page.tsx";
import type { DatasetColumn, Row } from "../api/contract.ts";
import type { TableColumn } from "../ui/table/column.ts";
import { drawSince, drawWhole, toTableColumn } from "./cells.tsx";

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
