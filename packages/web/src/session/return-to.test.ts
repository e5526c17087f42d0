import { expect, test } from "vitest";
import { safeReturnTo } from "./return-to.ts";

test("a path of ours is kept with its search", () => {
  expect(safeReturnTo("/corporations/1/assets?q=x")).toBe("/corporations/1/assets?q=x");
});

test("nothing that leads to another site is accepted", () => {
  const addresses = [
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "",
    7,
    undefined,
  ];

  expect(addresses.map(safeReturnTo)).toEqual(addresses.map(() => undefined));
});
