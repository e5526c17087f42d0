// pnpm mutate: changes the code, one place at a time, and says which changes no test notices.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { whyEquivalent } from "./equivalents.ts";
import { type Mutant, mutantsOf } from "./mutators.ts";
import { importersOf, testsNear } from "./related.ts";
import { type Outcome, runTests } from "./run-tests.ts";
import { sample } from "./sample.ts";
import { changedSince, copyOf, filesOf } from "./workspace.ts";

const usage = `pnpm mutate [options]
  --seed S        which mutants are taken (default: tapi)
  --sample N      how many (default: 50)
  --in FOLDER     only files below this folder, e.g. packages/core/src/esi
  --since REV     only files changed since this revision
  --guards        only guards: what refuses by a call or a throw; all of them unless --sample is given
  --budget S      seconds that one mutant's tests may take (default: 240)
  --list          names the mutants and runs nothing`;

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "tapi" },
    sample: { type: "string" },
    in: { type: "string", default: "packages" },
    since: { type: "string" },
    guards: { type: "boolean", default: false },
    budget: { type: "string", default: "240" },
    list: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const root = fileURLToPath(new URL("../..", import.meta.url));
const mutated = /^packages\/(core|functions|web|local)\/src\/.*\.tsx?$/;
const left = /(\.test\.tsx?|\.fixture\.ts|\.d\.ts|\.gen\.ts)$|\/generated\/|\/test\//;

/** Tests of the nearest files run first, in growing steps, so that most mutants fall within seconds. */
const steps = [6, Number.POSITIVE_INFINITY];

async function judge(path: string, tests: readonly string[], budgetMs: number): Promise<Outcome> {
  const endsAt = Date.now() + budgetMs;
  let from = 0;
  for (const step of steps) {
    const some = tests.slice(from, from + step);
    from += step;
    if (some.length === 0) break;
    const outcome = await runTests(path, some, Math.max(1_000, endsAt - Date.now()));
    if (outcome.status !== "passed") return outcome;
  }
  return { status: "passed" };
}

const title = ({ file, line, mutator, original, replacement }: Mutant) =>
  `${file}:${line} [${mutator}] \`${original.slice(0, 80).replaceAll(/\s+/g, " ")}\` -> \`${replacement.slice(0, 80).replaceAll(/\s+/g, " ")}\``;

function choose(files: readonly string[]): Mutant[] {
  const changed = values.since === undefined ? undefined : changedSince(root, values.since);
  const candidates = files
    .filter((file) => mutated.test(file) && !left.test(file) && file.startsWith(values.in))
    .filter((file) => !changed || changed.has(file))
    .flatMap((file) => mutantsOf(file, readFileSync(join(root, file), "utf8")))
    .filter(({ guard }) => guard || !values.guards);
  const size = Number(values.sample ?? (values.guards ? candidates.length : 50));
  return sample(candidates, values.seed, size);
}

async function main(): Promise<number> {
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const files = filesOf(root);
  const chosen = choose(files);
  if (values.list) {
    for (const mutant of chosen) console.log(title(mutant));
    return 0;
  }
  const importers = importersOf(
    root,
    files.filter((file) => /^(packages|infra|bench|scripts)\/.*\.tsx?$/.test(file)),
  );
  const workspace = copyOf(root);
  const counts = { killed: 0, survived: 0, timeout: 0, equivalent: 0, untested: 0 };
  try {
    for (const [index, mutant] of chosen.entries()) {
      const why = whyEquivalent(mutant);
      const tests = testsNear(mutant.file, importers);
      const budgetMs = Number(values.budget) * 1_000;
      const outcome = await (async (): Promise<{ verdict: keyof typeof counts; note?: string | undefined }> => {
        if (why !== undefined) return { verdict: "equivalent", note: why };
        if (tests.length === 0) return { verdict: "untested" };
        const { status, by } = await workspace.having(mutant, () => judge(workspace.path, tests, budgetMs));
        return { verdict: status === "passed" ? "survived" : status === "failed" ? "killed" : "timeout", note: by };
      })();
      counts[outcome.verdict] += 1;
      console.log(`#${index + 1} ${outcome.verdict} ${title(mutant)}${outcome.note ? `\n     ${outcome.note}` : ""}`);
    }
  } finally {
    workspace.remove();
  }
  const { killed, survived, untested, timeout } = counts;
  const judged = killed + survived + untested;
  console.log(
    `\nseed ${values.seed}: ${killed} of ${judged} killed (${((100 * killed) / Math.max(1, judged)).toFixed(1)} %), ` +
      `${survived} survived, ${untested} reached by no test, ${timeout} not decided in time, ${counts.equivalent} equivalent`,
  );
  return 0;
}

process.exit(await main());
