import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Reached } from "./reached.setup.ts";
import { startRunner } from "./run-tests.ts";

type Known = Record<string, Omit<Reached, "file"> & { hash: string }>;

/** Tests of one file that reach a place, and about how long they take. */
export interface Choice {
  file: string;
  ids?: string[];
  ms: number;
}

const hashOf = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex").slice(0, 16);

/**
 * Which tests reach which place of the code. Kept from run to run: only test files that have changed since are run
 * again, so that a change of the code alone costs nothing and misses only tests that reach a place since then.
 */
export async function learnReach(root: string, workspace: string, tests: readonly string[]): Promise<Known> {
  const path = join(root, "node_modules", ".cache", "tapi-mutate", "reach.json");
  const known: Known = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
  const save = () => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(known));
  };
  const stale = tests.filter((file) => known[file]?.hash !== hashOf(join(root, file)));
  const folder = mkdtempSync(join(tmpdir(), "tapi-reached-"));
  const runner = startRunner(workspace, "marked", { MUTATE_REACHED: folder });
  try {
    for (const [index, file] of stale.entries()) {
      process.stdout.write(`\rlearning which tests reach what: ${index + 1} of ${stale.length} `);
      await runner.run({ file, changed: [] }, 120_000);
      const [written] = readdirSync(folder);
      const found: Reached = written
        ? JSON.parse(readFileSync(join(folder, written), "utf8"))
        : { loadMs: 0, tests: [], sites: {}, shared: [] };
      if (written) rmSync(join(folder, written));
      known[file] = { ...found, hash: hashOf(join(root, file)) };
      if (index % 4 === 3) save();
    }
  } finally {
    runner.close();
    rmSync(folder, { recursive: true });
  }
  if (stale.length > 0) {
    save();
    process.stdout.write("\n");
  }
  return known;
}

/** The tests that reach a site, those of the same folder first, then the quickest. */
export function choicesFor(file: string, site: string, known: Known): Choice[] {
  const choices = Object.entries(known).flatMap(([test, { tests, sites, shared, loadMs }]): Choice[] => {
    const sum = (some: readonly { ms: number }[]) => some.reduce((total, { ms }) => total + ms, loadMs);
    if (shared.includes(site)) return [{ file: test, ms: sum(tests) }];
    const some = (sites[site] ?? []).flatMap((number) => tests[number] ?? []);
    return some.length === 0 ? [] : [{ file: test, ids: some.map(({ id }) => id), ms: sum(some) }];
  });
  const rank = (choice: Choice) => (dirname(choice.file) === dirname(file) ? choice.ms / 10 : choice.ms);
  return choices.sort((a, b) => rank(a) - rank(b));
}
