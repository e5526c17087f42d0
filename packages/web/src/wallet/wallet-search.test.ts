import { expect, test } from "vitest";
import { parseWalletSearch } from "./wallet-search.ts";

test("the address chooses division and range, beside the table's own conditions", () => {
  const search = parseWalletSearch({ division: "3", days: 90, q: "tritanium" });

  expect(search).toEqual({ division: 3, days: 90, q: "tritanium" });
});

test("a division or range that does not exist is left out", () => {
  expect(parseWalletSearch({ division: 8, days: 31 })).toEqual({});
  expect(parseWalletSearch({ division: "1.5", days: "all" })).toEqual({});
});
