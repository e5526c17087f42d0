import { expect, test } from "vitest";
import { applyTo, mutantsOf } from "./mutators.ts";
import { testsNear } from "./related.ts";
import { sample } from "./sample.ts";

const changes = (code: string) =>
  mutantsOf("some/file.ts", code).map((mutant) => [mutant.mutator, applyTo(code, mutant)] as const);

test("a guard is dropped whether it calls or throws, and is told from other statements", () => {
  const code = "Actor.assertSystem(); if (!row) throw gone(); send(row);";

  const mutants = mutantsOf("some/file.ts", code);

  expect(mutants.map(({ mutator, guard }) => [mutator, guard])).toEqual([
    ["drop-guard-call", true],
    ["drop-guard", true],
    ["drop-call", false],
  ]);
});

test("comparisons change at their bound or turn round, sums become differences", () => {
  expect(changes("use(a < b, c === d, e + f)")).toEqual(
    expect.arrayContaining([
      ["boundary", "use((a) <= (b), c === d, e + f)"],
      ["eq-flip", "use(a < b, (c) !== (d), e + f)"],
      ["arith", "use(a < b, c === d, (e) - (f))"],
    ]),
  );
});

test("each change leaves code that can be parsed", () => {
  const code =
    "const x = async (a) => { if (a.every(ok) && b) return await c(a ?? 1); return a ? true : Math.max(2, a); };";

  for (const [, changed] of changes(code)) expect(() => mutantsOf("some/file.ts", changed)).not.toThrow();
});

test("types, imports, joined text and log lines are left alone", () => {
  const code = `import { a } from "b"; type Flag = true | 1; const text = "a" + b; Log.info("done");`;

  expect(changes(code)).toEqual([]);
});

test("a seed takes the same mutants each time, another seed others", () => {
  const code = Array.from({ length: 200 }, (_, index) => `use(a${index} < b);`).join("\n");
  const all = mutantsOf("some/file.ts", code);

  expect(sample(all, "one", 10)).toEqual(sample([...all].reverse(), "one", 10));
  expect(sample(all, "one", 10)).not.toEqual(sample(all, "two", 10));
});

test("tests of the same folder come first, then by the imports in between", () => {
  const importers = new Map([
    ["core/esi/wire.ts", new Set(["core/esi/request.ts"])],
    ["core/esi/request.ts", new Set(["core/esi/request.test.ts", "core/refresh/run.ts"])],
    ["core/refresh/run.ts", new Set(["core/refresh/run.test.ts"])],
    ["core/other.ts", new Set(["core/other.test.ts"])],
  ]);

  expect(testsNear("core/esi/wire.ts", importers)).toEqual(["core/esi/request.test.ts", "core/refresh/run.test.ts"]);
});
