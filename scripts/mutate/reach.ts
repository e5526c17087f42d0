import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Reached } from "./reached.setup.ts";
import { startRunner } from "./run-tests.ts";

export type Learnt = Omit<Reached, "file">;

/** Tests of one file that reach a place, and about how long they take. */
export interface Choice {
  file: string;
  ids?: string[];
  ms: number;
}

export interface Reach {
  /** What of a test file reaches a site. A file that is not known yet is run once, to learn it, or taken as a whole. */
  choiceOf(test: string, site: string, learning: boolean): Promise<Choice | undefined>;
  close(): void;
}

const hashOf = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex").slice(0, 16);
const longestMs = 240_000;

export function choiceIn(file: string, site: string, { tests, sites, shared, loadMs }: Learnt): Choice | undefined {
  const sum = (some: readonly { ms: number }[]) => some.reduce((total, { ms }) => total + ms, loadMs);
  if (shared.includes(site)) return { file, ms: sum(tests) };
  const some = (sites[site] ?? []).flatMap((number) => tests[number] ?? []);
  return some.length === 0 ? undefined : { file, ids: some.map(({ id }) => id), ms: sum(some) };
}

/**
 * Which tests reach which place of the code. Kept from run to run: a test file is run again once it has changed, so that
 * a change of the code alone costs nothing and misses only tests that reach a place since then.
 */
export function openReach(root: string, workspace: string): Reach {
  const cache = join(root, "node_modules", ".cache", "tapi-mutate");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), "tapi-reached-"));
  const runner = startRunner(workspace, "marked", { MUTATE_REACHED: folder });

  async function learn(test: string): Promise<Learnt> {
    await runner.run({ file: test, changed: [] }, longestMs);
    const [written] = readdirSync(folder);
    if (!written) return { loadMs: 0, tests: [], sites: {}, shared: [] };
    const learnt: Learnt = JSON.parse(readFileSync(join(folder, written), "utf8"));
    rmSync(join(folder, written));
    return learnt;
  }

  const known = new Map<string, Learnt>();

  const pathOf = (test: string) => join(cache, `${test.replaceAll("/", "+")}.${hashOf(join(root, test))}.json`);

  async function learntOf(test: string): Promise<Learnt> {
    const path = pathOf(test);
    const learnt = known.get(path) ?? (existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : await learn(test));
    if (!existsSync(path)) writeFileSync(path, JSON.stringify(learnt));
    known.set(path, learnt);
    return learnt;
  }

  return {
    choiceOf: async (test, site, learning) =>
      learning || existsSync(pathOf(test)) ? choiceIn(test, site, await learntOf(test)) : { file: test, ms: 60_000 },
    close() {
      runner.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** The nearest test files most often fail: of them it is not worth a run to learn which tests to leave out. */
const runUnlearnt = 2;

/** What of these test files reaches a site, in their order; those that take long last. */
export async function* choicesFor(tests: readonly string[], site: string, reach: Reach): AsyncGenerator<Choice> {
  const long: Choice[] = [];
  for (const [index, test] of tests.entries()) {
    const choice = await reach.choiceOf(test, site, index >= runUnlearnt);
    if (choice && choice.ms > 60_000) long.push(choice);
    else if (choice) yield choice;
  }
  yield* long;
}
