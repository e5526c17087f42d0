import { expect, test } from "vitest";
import { scopesOf } from "../../../../engine/dataset/index.ts";
import { catalogue } from "../index.ts";
import { standings } from "./standings.ts";

test.each(["agent", "npc_corp", "faction"])("a standing of an %s is kept, with its name or without", (from_type) => {
  const row = { from_id: 500_001, from_type, standing: -3.25 };

  expect(standings.row.safeParse(row).success).toBe(true);
  expect(standings.row.safeParse({ ...row, name: "Caldari State" }).success).toBe(true);
  expect(standings.row.safeParse({ ...row, standing: undefined }).success).toBe(false);
});

test("pilots are asked for the scope that standings need", () => {
  expect(catalogue.find("standings")).toBe(standings);
  expect(scopesOf(standings)).toEqual(["esi-characters.read_standings.v1"]);
});
