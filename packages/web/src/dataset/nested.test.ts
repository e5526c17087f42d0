import { expect, test } from "vitest";
import { nestedWords } from "./nested.tsx";

test("a nested value is one line: ids by their names, or without separators", () => {
  expect(nestedWords([])).toBe("None");
  expect(nestedWords(["online", "moon_drilling"])).toBe("Online, Moon drilling");
  expect(nestedWords([{ a: 1 }, { a: 2 }])).toBe("2 entries");
  expect(nestedWords({ type_id: 34567, amount: 34567, active: true, at: "2026-11-20T13:05:00Z" })).toBe(
    "Type id 34567, Amount 34,567, Active yes, At 2026.11.20 13:05",
  );
  expect(nestedWords({ ship_type_id: 587, ship_type_id_name: "mk_II Rifter", name: "x" })).toBe(
    "Ship type mk_II Rifter, Name X",
  );
  expect(nestedWords({ items: [{ type_id: 37 }] })).toBe("Items 1 entry");
});
