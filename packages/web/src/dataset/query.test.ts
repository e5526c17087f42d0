import { expect, test } from "vitest";
import { corporationOwner } from "../api/owner.ts";
import { facetsQuery } from "./query.ts";

const question = (search: Parameters<typeof facetsQuery>[3]) =>
  facetsQuery(corporationOwner(1), "members", "name", search).queryKey.at(-1);

test("a filter's choices belong to the moment that the table shows, and its own choice does not narrow them", () => {
  expect(
    question({ sort: "name", f: { name: ["Someone"], title: ["CEO", "Ammo, cheap"], note: ["", null], left: [null] } }),
  ).toEqual({
    column: "name",
    "filter.title": ["CEO", "Ammo, cheap"],
    "filter.note": [""],
    absent: ["note", "left"],
  });
  expect(question({ at: "2026-11-20" })).toEqual({ column: "name", at: "2026-11-20" });
});
