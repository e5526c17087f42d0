import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("the lock file names packages by version and checksum, never by an address that only some networks reach", () => {
  const lock = readFileSync("pnpm-lock.yaml", "utf8");

  const addresses = lock.match(/tarball:.*|(https?|git|ssh):\/\/\S+/g) ?? [];

  expect(addresses).toEqual([]);
});
