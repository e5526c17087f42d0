// @vitest-environment happy-dom
import { screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { show } from "../../test/page.tsx";
import type { DatasetColumn, Facet } from "../api/contract.ts";
import { FacetList, facetLabel, filterValue } from "./facet-list.tsx";
import { enumLabel, hangarLabel, walletLabel } from "./value-label.ts";

const facet = (value: unknown, name?: string): Facet => ({ value, count: 1, ...(name ? { name } : {}) }) as Facet;

test.each([
  [null, null],
  [0, "0"],
  [false, "false"],
  ["", ""],
  ["null", "null"],
  [{ a: 1 }, '{"a":1}'],
  [[1, 2], "[1,2]"],
])("the value %o is asked for as %o, nothing apart from an empty text", (value, asked) => {
  expect(filterValue(facet(value))).toBe(asked);
});

test.each([
  ["type", 34, "Tritanium", "Tritanium"],
  ["type", 34, undefined, "34"],
  ["text", null, undefined, "No value"],
  ["text", "", undefined, "Empty text"],
  ["boolean", true, undefined, "Yes"],
  ["boolean", false, undefined, "No"],
  ["division", 1, undefined, "Master wallet"],
  ["division", 3, undefined, "Division 3"],
  ["division", 3, "Ammunition", "Ammunition"],
  ["hangar", 1, undefined, "Hangar 1"],
  ["enum", "finished_issuer", undefined, "Finished issuer"],
  ["enum", "CorpSAG4", undefined, "Hangar 4"],
] as const)("in a column of the kind %s the value %o with the name %s is called %s", (kind, value, name, label) => {
  expect(facetLabel({ kind }, facet(value, name))).toBe(label);
});

test("only ESI's seven hangars of a corporation are called by number", () => {
  expect([enumLabel("CorpSAG1"), enumLabel("CorpSAG7")]).toEqual([hangarLabel(1), hangarLabel(7)]);
  expect(enumLabel("CorpSAG8")).not.toBe(hangarLabel(8));
  expect([walletLabel(1), walletLabel(2)]).toEqual(["Master wallet", "Division 2"]);
});

test("a long list is narrowed by a few letters whatever their accents, and tells what is chosen", async () => {
  const column: DatasetColumn = { key: "name", title: "Name", kind: "enum" };
  const names = ["Łódź", "Ømir", "Straße", "One", "Two", "Three", "Four", "Five", "Six"];
  const facets = names.map((name) => facet(name, name));
  const toggled = vi.fn();
  const { user } = show(<FacetList column={column} facets={facets} chosen={["Łódź"]} onToggle={toggled} />);

  await user.type(await screen.findByLabelText("Search Name"), "LODZ");

  const [only, ...others] = screen.getAllByRole("button");
  expect(others).toEqual([]);
  expect(only?.getAttribute("aria-pressed")).toBe("true");
  await user.click(only as HTMLElement);
  expect(toggled.mock.calls).toEqual([["Łódź"]]);
  await user.type(screen.getByLabelText("Search Name"), "qq");
  await screen.findByText("No value matches.");
});
