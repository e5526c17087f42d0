import type { Mutant } from "./mutators.ts";
import type { Choice } from "./reach.ts";
import type { Verdict } from "./results.ts";
import { type Runner, startRunner } from "./run-tests.ts";
import type { Workspace } from "./workspace.ts";

export interface Judgement {
  verdict: Verdict;
  note?: string;
}

export interface Judge {
  judge(mutant: Mutant, choices: readonly Choice[]): Promise<Judgement>;
  close(): void;
}

/** So many mutants share one vitest with its table and queues, before what they leave there could count. */
const perRunner = 30;

/**
 * Runs the tests of each mutant until one fails. A failure counts once the same test passes without the mutant, in the
 * same process: a test that fails of itself, or after what a mutant left behind, kills none.
 */
export function startJudge(workspace: Workspace, budgetMs: number): Judge {
  let runner: Runner = startRunner(workspace.path, "plain");
  let judged = 0;

  function renew(): void {
    runner.close();
    runner = startRunner(workspace.path, "plain");
    judged = 0;
  }

  async function once(mutant: Mutant, choices: readonly Choice[]): Promise<Judgement & { by?: Choice }> {
    const endsAt = Date.now() + budgetMs;
    for (const [index, choice] of choices.entries()) {
      if (Date.now() > endsAt) return { verdict: "survived", note: `${index} of ${choices.length} test files ran` };
      const { file, ids, ms } = choice;
      const outcome = await runner.run({ file, ...(ids && { ids }), changed: [mutant.file] }, ms * 4 + 60_000);
      if (outcome === "timeout") return { verdict: "timeout", note: file };
      if (outcome.passed) continue;
      const by = outcome.by ?? { file, name: "" };
      return { verdict: "killed", note: `${by.file} > ${by.name}`, by: { file, ms, ...(by.id && { ids: [by.id] }) } };
    }
    return { verdict: "survived" };
  }

  async function passesWithout(mutant: Mutant, { file, ids, ms }: Choice): Promise<boolean> {
    const outcome = await runner.run({ file, ...(ids && { ids }), changed: [mutant.file] }, ms * 4 + 60_000);
    return outcome !== "timeout" && outcome.passed;
  }

  return {
    close: () => runner.close(),
    async judge(mutant, choices) {
      if (choices.length === 0) return { verdict: "untested" };
      judged += 1;
      if (judged > perRunner || mutant.file.startsWith("packages/local/")) renew();
      let left = choices;
      for (;;) {
        const { by, ...judgement } = await workspace.having(mutant, () => once(mutant, left));
        if (!by || (await passesWithout(mutant, by))) return judgement;
        renew();
        left = left.filter(({ file }) => file !== by.file);
      }
    },
  };
}
