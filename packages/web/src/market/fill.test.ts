import { expect, test } from "vitest";
import { fillOf, orderTotals } from "./fill.ts";

test("an order's fill is what is gone of it", () => {
  expect([fillOf(8, 8), fillOf(2, 8), fillOf(0, 8), fillOf(undefined, 8), fillOf(1, 0)]).toEqual([0, 0.75, 1, 0, 0]);
});

test("open orders add up by side, escrow apart", () => {
  const orders = [
    { buys: false, price: 10, remain: 3, escrow: 0 },
    { buys: true, price: 5, remain: 4, escrow: 12 },
  ];

  expect(orderTotals(orders)).toEqual({ selling: 30, buying: 20, escrow: 12 });
});
