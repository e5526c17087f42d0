import { expect, test } from "vitest";
import { packJson, unpackJson } from "./index.ts";

test("a value is read again from however many blobs it was cut into", async () => {
  const value = { deep: ["ä", 1] };
  const blob = await packJson(value);

  expect(await unpackJson([blob.subarray(0, 5), blob.subarray(5)])).toEqual(value);
});
