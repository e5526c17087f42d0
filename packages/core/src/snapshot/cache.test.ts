import { afterEach, beforeEach, expect, test } from "vitest";
import * as Cache from "./cache.ts";
import type { View } from "./view.ts";

/** Of so many millions of cells; twenty are kept in all. */
const view = (millions: number, version = 1): View =>
  ({ version, length: millions * 500_000 - 50, shape: { columns: ["a", "b"], key: ["a"] } }) as unknown as View;
const address = (collection: string) => ({ owner: "corporation#1", collection });
const kept = (...names: string[]) => names.filter((name) => Cache.peek(address(name), undefined) !== undefined);

beforeEach(Cache.clear);
afterEach(Cache.clear);

test("as many cells are kept as there is room for, to the last one; then the one used longest ago goes", () => {
  Cache.put(address("a"), undefined, view(10));
  Cache.put(address("b"), undefined, view(10));
  const full = kept("a", "b");
  Cache.take(address("a"), undefined, 1);
  Cache.put(address("c"), undefined, view(10));

  expect(full).toEqual(["a", "b"]);
  expect(kept("a", "b", "c")).toEqual(["a", "c"]);
});

test("what is put again, or dropped, gives its room back", () => {
  for (let version = 1; version <= 5; version += 1) Cache.put(address("a"), undefined, view(12, version));
  Cache.put(address("b"), undefined, view(8));
  const both = kept("a", "b");
  Cache.drop(address("a"));
  Cache.drop(address("a"));
  Cache.put(address("c"), undefined, view(12));

  expect(both).toEqual(["a", "b"]);
  expect(kept("a", "b", "c")).toEqual(["b", "c"]);
});

test("what alone is larger than all there is room for is not kept, and drives out nothing but its own former version", () => {
  Cache.put(address("a"), undefined, view(5));
  Cache.put(address("b"), undefined, view(5));

  Cache.put(address("b"), undefined, view(21));

  expect(kept("a", "b")).toEqual(["a"]);
});

test("a version is taken under its number and its registration alone", () => {
  const own = view(1, 7);
  Cache.put(address("a"), 3, own);

  expect(Cache.take(address("a"), 3, 7)).toBe(own);
  expect(Cache.take(address("a"), 3, 8)).toBeUndefined();
  expect(Cache.take(address("a"), 4, 7)).toBeUndefined();
  expect(Cache.take(address("a"), undefined, 7)).toBeUndefined();
  expect(Cache.take(address("b"), 3, 7)).toBeUndefined();
  expect(Cache.peek(address("a"), 3)).toBe(own);
});
