// pnpm mutate: changes the code, one place at a time, and says which changes no test notices.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startAssessor } from "./assess.ts";
import { whyEquivalent } from "./equivalents.ts";
import { type Mutant, mutantsOf } from "./mutators.ts";
import { choicesFor, openReach } from "./reach.ts";
import { importersOf, testsNear } from "./related.ts";
import { type Result, readResults, report, saveResult, titleOf } from "./results.ts";
import { sample } from "./sample.ts";
import { isMutable, sitesOf } from "./sites.ts";
import { changedSince, copyOf, filesOf } from "./workspace.ts";

const usage = `pnpm mutate [options]
  --seed S        which mutants are taken (default: tapi)
  --sample N      how many (default: 50)
  --in FOLDER     only files below this folder, e.g. packages/core/src/eve/esi; may be given more than once
  --since REV     only files changed since this revision
  --guards        only guards: what refuses by a call or a throw; all of them unless --sample is given
  --budget S      seconds after which no further test file is tried on a mutant (default: 60)
  --results FILE  keeps each result there, and goes on after those that it holds
  --again         with --results: judges again what no test noticed
  --list          names the mutants and runs nothing`;

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "tapi" },
    sample: { type: "string" },
    in: { type: "string", multiple: true, default: ["packages"] },
    since: { type: "string" },
    guards: { type: "boolean", default: false },
    budget: { type: "string", default: "60" },
    results: { type: "string" },
    again: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

interface Chosen extends Mutant {
  siteName: string;
}

function chosenOf(file: string): Chosen[] {
  const code = readFileSync(join(root, file), "utf8");
  const mutants = mutantsOf(file, code);
  const names = sitesOf(file, code, mutants);
  return mutants.map((mutant) => ({ ...mutant, siteName: names.get(mutant) ?? "" }));
}

function choose(files: readonly string[]): Chosen[] {
  const changed = values.since === undefined ? undefined : changedSince(root, values.since);
  const candidates = files
    .filter((file) => isMutable(file) && values.in.some((folder) => file.startsWith(folder)))
    .filter((file) => !changed || changed.has(file))
    .flatMap(chosenOf)
    .filter(({ guard }) => guard || !values.guards);
  const size = Number(values.sample ?? (values.guards ? candidates.length : 50));
  return sample(candidates, values.seed, size);
}

const keyOf = ({ siteName, mutator, replacement }: Chosen) => [siteName, mutator, replacement].join(" ");

async function main(): Promise<number> {
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const files = filesOf(root);
  const chosen = choose(files);
  if (values.list) {
    for (const mutant of chosen) console.log(titleOf(mutant));
    return 0;
  }
  const before = readResults(values.results);
  const results: Result[] = [];
  const importers = importersOf(
    root,
    files.filter((file) => /^packages\/.*\.tsx?$/.test(file)),
  );
  const workspace = copyOf(root);
  const reach = openReach(root, workspace.path);
  const assessor = startAssessor(workspace, Number(values.budget) * 1_000);
  try {
    for (const [index, mutant] of chosen.entries()) {
      const { file } = mutant;
      const key = keyOf(mutant);
      const why = whyEquivalent(mutant);
      const earlier = before.get(key);
      const kept = earlier && (!values.again || earlier.verdict === "killed") ? earlier : undefined;
      const assessed = why
        ? { verdict: "equivalent" as const, note: why }
        : (kept ?? (await assessor.assess(mutant, choicesFor(testsNear(file, importers), mutant.siteName, reach))));
      const result: Result = { key, file, title: titleOf(mutant), verdict: assessed.verdict, note: assessed.note };
      results.push(result);
      if (!kept) saveResult(values.results, result);
      console.log(`#${index + 1} ${result.verdict} ${result.title}${result.note ? `\n     ${result.note}` : ""}`);
    }
  } finally {
    assessor.close();
    reach.close();
    workspace.remove();
  }
  console.log(`\nseed ${values.seed}\n${report(results)}`);
  return 0;
}

process.exit(await main());
