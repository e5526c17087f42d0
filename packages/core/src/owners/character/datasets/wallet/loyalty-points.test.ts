import { expect, test } from "vitest";
import { type Row, scopesOf } from "../../../../engine/dataset/index.ts";
import { catalogue } from "../index.ts";
import { loyaltyPoints } from "./loyalty-points.ts";

const row = { corporation_id: 1_000_035, loyalty_points: 1_500, name: "Caldari Navy" };
const tell = (change: "added" | "removed" | "changed", before: Row = {}, after: Row = {}) =>
  loyaltyPoints.history?.({ change, row: { ...row, ...after }, before, after }, (_, id) => `#${id}`);

test("points are kept by corporation, with its name or without", () => {
  const { name: _, ...nameless } = row;

  expect(loyaltyPoints.row.safeParse(row).success).toBe(true);
  expect(loyaltyPoints.row.safeParse(nameless).success).toBe(true);
  expect(loyaltyPoints.row.safeParse({ ...row, corporation_id: undefined }).success).toBe(false);
});

test("points that were earned or spent are told by their difference", () => {
  expect(tell("added")).toEqual({ kind: "loyalty.earned", text: "Earned 1,500 loyalty points of Caldari Navy" });
  expect(tell("changed", { loyalty_points: 1_500 }, { loyalty_points: 1_812 })).toEqual({
    kind: "loyalty.earned",
    text: "Earned 312 loyalty points of Caldari Navy",
  });
  expect(tell("changed", { loyalty_points: 1_500 }, { loyalty_points: 0 })).toEqual({
    kind: "loyalty.spent",
    text: "Spent 1,500 loyalty points of Caldari Navy",
  });
});

test("a corporation that is listed no more, or got another name, is not told", () => {
  expect(tell("removed")).toBeUndefined();
  expect(tell("changed", { name: null }, { name: "Caldari Navy" })).toBeUndefined();
});

test("pilots are asked for the scope that loyalty points need", () => {
  expect(catalogue.find("loyalty-points")).toBe(loyaltyPoints);
  expect(scopesOf(loyaltyPoints)).toEqual(["esi-characters.read_loyalty.v1"]);
});
