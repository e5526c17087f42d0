import { expect, test } from "vitest";
import type { Dataset } from "../api/contract.ts";
import { pageNameOf, sectionAt, sectionsOf } from "./sections.ts";

const dataset = (name: string, group: string, place: Dataset["place"] = "main") => ({
  name,
  group,
  title: name,
  place,
});

const catalogue = [
  dataset("public-info", "Corporation", "front"),
  dataset("members", "Members", "part"),
  dataset("starbases", "Structures"),
  dataset("structures", "Structures", "home"),
  dataset("skyhooks", "Structures", "supporting"),
  dataset("member-tracking", "Members", "home"),
  dataset("moons", "Far Astronomy"),
];

test("sections stand in the catalogue's order, the front page first, and any group has its tab and address", () => {
  const sections = sectionsOf(catalogue).map(({ title, slug }) => [title, slug]);

  expect(sections).toEqual([
    ["Overview", ""],
    ["Members", "members"],
    ["Structures", "structures"],
    ["Far Astronomy", "far-astronomy"],
  ]);
});

test("an owner without a dataset for the front page has one all the same, and every group keeps its tab", () => {
  const sections = sectionsOf([dataset("skills", "Skills", "home"), dataset("wallet", "Wallet", "home")]);

  expect(sections.map(({ title, slug, home }) => [title, slug, home])).toEqual([
    ["Overview", "", undefined],
    ["Skills", "skills", "skills"],
    ["Wallet", "wallet", "wallet"],
  ]);
});

test("every dataset has its place, its section's own page first", () => {
  const sections = sectionsOf(catalogue);
  const structures = sections.find((section) => section.group === "Structures");

  expect(structures?.main.map(({ name }) => name)).toEqual(["structures", "starbases"]);
  expect(structures?.supporting.map(({ name }) => name)).toEqual(["skyhooks"]);
  expect(sections.find((section) => section.group === "Members")?.main.map(({ name }) => name)).toEqual([
    "member-tracking",
  ]);
});

test("what a section's own page shows belongs to it, so that trouble with it marks its tab", () => {
  const members = sectionsOf(catalogue).find((section) => section.group === "Members");

  expect(members?.all).toEqual(["members", "member-tracking"]);
});

test("a page knows its section by its address", () => {
  const sections = sectionsOf(catalogue);

  expect(sectionAt(sections, "members", undefined)?.group).toBe("Members");
  expect(sectionAt(sections, "", undefined)?.group).toBe("Corporation");
  expect(sectionAt(sections, "data", "skyhooks")?.group).toBe("Structures");
  expect(sectionAt(sections, "data", "members")?.group).toBe("Members");
  expect(sectionAt(sections, "directors", undefined)).toBeUndefined();
});

test("a page is named after its section or dataset; the overview and unknown pages have no name of their own", () => {
  const named = [dataset("public-info", "Corporation"), { ...dataset("orders", "Market"), title: "Market orders" }];

  expect(pageNameOf(named, "directors", undefined)).toBe("Directors");
  expect(pageNameOf(named, "market", undefined)).toBe("Market");
  expect(pageNameOf(named, "data", "orders")).toBe("Market orders");
  expect(pageNameOf(named, "", undefined)).toBeUndefined();
  expect(pageNameOf(named, "data", "nonsense")).toBeUndefined();
});
