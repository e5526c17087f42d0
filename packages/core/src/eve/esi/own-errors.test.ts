import { expect, test } from "vitest";
import { eachRow } from "../../engine/dataset/each-row.ts";
import { ignoreConditionFailed } from "../../platform/error/index.ts";
import { EsiError, esiErrorOf } from "./index.ts";

test("around calls of ESI only its own errors are looked at: a mistake of ours is thrown on", () => {
  const refusal = new EsiError("forbidden", "GetStatus", "said no");
  const mistake = new TypeError("undefined is no function");

  expect(esiErrorOf(refusal)).toBe(refusal);
  expect(() => esiErrorOf(mistake)).toThrow(mistake);
});

test("of a conditional write only the failed condition is passed over, however it is wrapped", () => {
  const failed = Object.assign(new Error("no"), { name: "ConditionalCheckFailedException" });
  const refused = Object.assign(new Error("no"), { name: "ValidationException" });

  expect(() => ignoreConditionFailed(failed)).not.toThrow();
  expect(() => ignoreConditionFailed(new Error("wrapped", { cause: failed }))).not.toThrow();
  expect(() => ignoreConditionFailed(refused)).toThrow(refused);
});

test.each([
  [TypeError, true],
  [RangeError, true],
  [SyntaxError, false],
])("a row of which reading throws a %o is handed on as it came: %s", (thrown, isHandedOn) => {
  const rows = () =>
    eachRow([1, 2], (row) => {
      if (row === 2) throw new thrown("no");
      return { row };
    });

  if (isHandedOn) expect(rows()).toEqual([{ row: 1 }, 2]);
  else expect(rows).toThrow(thrown);
});
