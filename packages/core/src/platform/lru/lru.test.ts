import fc from "fast-check";
import { expect, test } from "vitest";
import { Bounded } from "./index.ts";

const keys = ["a", "b", "c", "d", "__proto__"];
const kept = (map: Bounded<string, number>) => keys.filter((key) => map.peek(key) !== undefined);

test("what was used longest ago is forgotten first; looking without using changes nothing", () => {
  const map = new Bounded<string, number>(2);
  map.set("a", 1);
  map.set("b", 2);
  map.get("a");
  map.peek("b");

  map.set("c", 3);

  expect(kept(map)).toEqual(["a", "c"]);
});

test("whatever is kept, replaced and deleted: no more than its bound is held, and the last one is among it", () => {
  const act = fc.tuple(fc.constantFrom(...keys), fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined }));
  fc.assert(
    fc.property(fc.array(act), (acts) => {
      const map = new Bounded<string, number>(10, (weight) => weight);
      for (const [key, weight] of acts) {
        if (weight === undefined) map.delete(key);
        else map.set(key, weight);

        expect(map.peek(key)).toBe(weight !== undefined && weight <= 10 ? weight : undefined);
        expect(kept(map).reduce((sum, each) => sum + (map.peek(each) ?? 0), 0)).toBeLessThanOrEqual(10);
      }
    }),
  );
});
