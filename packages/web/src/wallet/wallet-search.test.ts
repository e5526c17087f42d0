import { expect, test } from "vitest";
import { parseWalletSearch } from "./wallet-search.ts";

test("the address chooses entries, division and range, beside the table's own conditions", () => {
  const search = parseWalletSearch({ table: "transactions", division: "3", days: 90, q: "tritanium" });

  expect(search).toEqual({ table: "transactions", division: 3, days: 90, q: "tritanium" });
});

test("a division or range that does not exist is left out", () => {
  expect(parseWalletSearch({ table: "x", division: 8, days: 31 })).toEqual({});
  expect(parseWalletSearch({ division: "1.5", days: "all" })).toEqual({});
});
