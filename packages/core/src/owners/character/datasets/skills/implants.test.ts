import { expect, test } from "vitest";
import { scopesOf } from "../../../../engine/dataset/index.ts";
import * as StaticData from "../../../../eve/static-data/index.ts";
import { catalogue } from "../index.ts";
import { implants } from "./implants.ts";

const ocularFilter = 9899;
const nameOf = (_: unknown, id: unknown) => StaticData.typeName(id as number) ?? String(id);
const told = (change: "added" | "removed") =>
  implants.history?.({ change, row: { type_id: ocularFilter }, before: {}, after: {} }, nameOf);

test("an implant is a type; what is none is set aside", () => {
  expect(implants.row.safeParse({ type_id: ocularFilter }).success).toBe(true);
  expect(implants.row.safeParse({ type_id: "Ocular Filter" }).success).toBe(false);
  expect(implants.row.safeParse({}).success).toBe(false);
});

test("an implant that comes and one that goes are told by name", () => {
  expect(told("added")).toEqual({ kind: "implant.plugged_in", text: "Ocular Filter - Basic is plugged in" });
  expect(told("removed")).toMatchObject({ kind: "implant.removed" });
});

test("pilots are asked for the scope that implants need", () => {
  expect(catalogue.find("implants")).toBe(implants);
  expect(scopesOf(implants)).toEqual(["esi-clones.read_implants.v1"]);
});
