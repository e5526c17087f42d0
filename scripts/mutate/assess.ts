import type { Mutant } from "./mutators.ts";
import type { Choice } from "./reach.ts";
import type { Verdict } from "./results.ts";
import { type Runner, startRunner } from "./run-tests.ts";
import type { Workspace } from "./workspace.ts";

export interface Assessment {
  verdict: Verdict;
  note?: string;
}

export interface Assessor {
  assess(mutant: Mutant, choices: AsyncIterable<Choice>): Promise<Assessment>;
  close(): void;
}

/** So many mutants share one vitest with its table and queues, before what they leave there could count. */
const perRunner = 30;

/**
 * Runs the tests of each mutant until one fails. A failure counts once the same test passes without the mutant, in the
 * same process: a test that fails of itself, or after what a mutant left behind, kills none.
 */
export function startAssessor(workspace: Workspace, budgetMs: number): Assessor {
  let runner: Runner = startRunner(workspace.path, "plain");
  let assessed = 0;

  function renew(): void {
    runner.close();
    runner = startRunner(workspace.path, "plain");
    assessed = 0;
  }

  const run = (mutant: Mutant, { file, ids, ms }: Choice) =>
    runner.run({ file, ...(ids && { ids }), changed: [mutant.file] }, ms * 4 + 60_000);

  /** Undefined: this choice says nothing. */
  async function judgeBy(mutant: Mutant, choice: Choice): Promise<Assessment | undefined> {
    const { file, ms } = choice;
    const outcome = await workspace.having(mutant, () => run(mutant, choice));
    if (outcome === "timeout") return { verdict: "timeout", note: file };
    if (outcome.passed) return undefined;
    const { id, name = "" } = outcome.by ?? {};
    const without = await run(mutant, { file, ms, ...(id && { ids: [id] }) });
    if (without !== "timeout" && without.passed) return { verdict: "killed", note: `${file} > ${name}` };
    renew();
    return undefined;
  }

  return {
    close: () => runner.close(),
    async assess(mutant, choices) {
      assessed += 1;
      if (assessed > perRunner || mutant.file.startsWith("packages/local/")) renew();
      const endsAt = performance.now() + budgetMs;
      let tried = 0;
      for await (const choice of choices) {
        if (tried > 0 && performance.now() > endsAt)
          return { verdict: "survived", note: `after ${tried} test files, with more to try` };
        const judgement = await judgeBy(mutant, choice);
        if (judgement) return judgement;
        tried += 1;
      }
      return tried === 0 ? { verdict: "untested" } : { verdict: "survived", note: `after ${tried} test files` };
    },
  };
}
