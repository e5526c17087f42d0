import { expect, test } from "vitest";
import { pageNameOf, sectionAt, sectionsOf } from "./sections.ts";

const dataset = (name: string, group: string) => ({ name, group, title: name });

const catalogue = [
  dataset("projects", "Affairs"),
  dataset("starbases", "Structures"),
  dataset("structures", "Structures"),
  dataset("skyhooks", "Structures"),
  dataset("members", "Members"),
  dataset("member-tracking", "Members"),
  dataset("moons", "Astronomy"),
];

test("sections stand in the order of the tabs, and a group that nobody knew follows them", () => {
  const titles = sectionsOf(catalogue).map((section) => section.title);

  expect(titles).toEqual(["Members", "Structures", "Affairs", "Astronomy"]);
});

test("every dataset has its place, its section's own page first", () => {
  const sections = sectionsOf(catalogue);
  const structures = sections.find((section) => section.group === "Structures");

  expect(structures?.main.map(({ name }) => name)).toEqual(["structures", "starbases"]);
  expect(structures?.behind.map(({ name }) => name)).toEqual(["skyhooks"]);
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
  expect(sectionAt(sections, "data", "skyhooks")?.group).toBe("Structures");
  expect(sectionAt(sections, "directors", undefined)).toBeUndefined();
});

test("a page is called by its part or its dataset; the overview and what is unknown by nothing", () => {
  const named = [dataset("orders", "Market")].map((each) => ({ ...each, title: "Market orders" }));

  expect(pageNameOf(named, "directors", undefined)).toBe("Directors");
  expect(pageNameOf(named, "data", "orders")).toBe("Market orders");
  expect(pageNameOf(named, "", undefined)).toBeUndefined();
  expect(pageNameOf(named, "data", "nonsense")).toBeUndefined();
});
