import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { equivalents, whyEquivalent } from "./equivalents.ts";
import { applyTo, mutantsOf } from "./mutators.ts";
import { choiceIn } from "./reach.ts";
import { testsNear } from "./related.ts";
import { sample } from "./sample.ts";
import { isMutable, marked, sitesOf } from "./sites.ts";
import { filesOf } from "./workspace.ts";

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

test("each change that is called equivalent is one of the code as it is now", () => {
  const root = new URL("../../", import.meta.url).pathname;
  const isNamed = (file: string) =>
    equivalents.some((each) => file === each.file || (each.file as RegExp).test?.(file));
  const files = filesOf(root).filter((file) => isMutable(file) && isNamed(file));
  const all = files.flatMap((file) => mutantsOf(file, readFileSync(root + file, "utf8")));
  const named = new Set(all.map(whyEquivalent));

  expect(equivalents.filter(({ why }) => !named.has(why))).toEqual([]);
});

test("a seed takes the same mutants each time, another seed others", () => {
  const code = Array.from({ length: 200 }, (_, index) => `use(a${index} < b);`).join("\n");
  const all = mutantsOf("some/file.ts", code);

  expect(sample(all, "one", 10)).toEqual(sample([...all].reverse(), "one", 10));
  expect(sample(all, "one", 10)).not.toEqual(sample(all, "two", 10));
});

test("a file's own test comes first, then by the imports in between", () => {
  const importers = new Map([
    ["core/esi/wire.ts", new Set(["core/esi/request.ts"])],
    ["core/esi/request.ts", new Set(["core/esi/request.test.ts", "core/refresh/run.ts"])],
    ["core/refresh/run.ts", new Set(["core/refresh/run.test.ts"])],
    [
      "core/refresh/validate.ts",
      new Set(["core/refresh/attempt.test.ts", "core/refresh/validate.test.ts", "a.test.ts"]),
    ],
    ["core/other.ts", new Set(["core/other.test.ts"])],
  ]);

  expect(testsNear("core/esi/wire.ts", importers)).toEqual(["core/esi/request.test.ts", "core/refresh/run.test.ts"]);
  expect(testsNear("core/refresh/validate.ts", importers)).toEqual([
    "core/refresh/validate.test.ts",
    "core/refresh/attempt.test.ts",
    "a.test.ts",
  ]);
});

test("code that tells where it is run does what it did, and each place has a name that outlives a change elsewhere", () => {
  const code =
    "(a) => { let sum = 0; if (a > 2 && a < 9) sum += Math.max(a, 5); else push(a, { 7: true }); return sum; };";
  const pushed: unknown[] = [];
  const run = (text: string, input: number) =>
    new Function("push", `return ${text}`)((...all: unknown[]) => pushed.push(all))(input);
  const named = (text: string) => new Set(sitesOf("some/file.ts", text, mutantsOf("some/file.ts", text)).values());

  expect([1, 3, 8, 9].map((input) => run(marked("some/file.ts", code), input))).toEqual([0, 5, 8, 0]);
  expect(pushed).toEqual([
    [1, { 7: true }],
    [9, { 7: true }],
  ]);
  expect([...named(code)].filter((name) => !named(`before(3); ${code}`).has(name))).toEqual([]);
});

test("of a test file those tests run that reach a place; all of them where its preparation does", () => {
  const tests = [
    { id: "a", ms: 50 },
    { id: "b", ms: 1 },
  ];
  const choice = (site: string) =>
    choiceIn("some.test.ts", site, { loadMs: 10, tests, sites: { x: [0] }, shared: ["y"] });

  expect(choice("x")).toEqual({ file: "some.test.ts", ids: ["a"], ms: 60 });
  expect(choice("y")).toEqual({ file: "some.test.ts", ms: 61 });
  expect(choice("z")).toBeUndefined();
});
