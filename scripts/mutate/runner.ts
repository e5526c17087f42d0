// Runs test files for the process that started it, one after another in one vitest, so that each costs little.
import { join } from "node:path";
import type { TestCase, TestModule } from "vitest/node";
import { createVitest } from "vitest/node";
import { marking } from "./sites.ts";

export interface Ask {
  file: string;
  /** The tests to run; all of the file if absent. */
  ids?: string[];
  /** The file that has changed since the last run. */
  changed: string[];
}

export interface Answer {
  passed: boolean;
  /** The first test that failed. */
  by?: { file: string; id?: string; name: string };
}

const [root = "", mode] = process.argv.slice(2);
const failures: TestCase[] = [];

const vitest = await createVitest(
  "test",
  {
    root,
    watch: false,
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    expect: { poll: { timeout: 8_000 } },
    ...(mode === "marked" && { setupFiles: ["packages/local/src/test/setup.ts", "scripts/mutate/reached.setup.ts"] }),
    reporters: [
      {
        onTestCaseResult(test) {
          if (test.result().state !== "failed" || mode === "marked") return;
          if (failures.push(test) > 1) return;
          void vitest.cancelCurrentRun("test-failure");
        },
      },
    ],
  },
  { plugins: mode === "marked" ? [marking(root)] : [] },
);

async function run({ file, ids, changed }: Ask): Promise<Answer> {
  failures.length = 0;
  for (const each of changed) vitest.invalidateFile(join(root, each));
  const specification = vitest
    .getRootProject()
    .createSpecification(join(root, file), ids ? { testIds: ids } : undefined);
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications([specification]);
  const module = testModules.find(({ moduleId }: TestModule) => moduleId === specification.moduleId);
  const broken = module?.state() === "failed" || unhandledErrors.length > 0;
  vitest.state.filesMap.clear();
  vitest.state.idMap.clear();
  const [failed] = failures;
  if (failed) return { passed: false, by: { file, id: failed.id, name: failed.fullName } };
  return broken ? { passed: false, by: { file, name: "the file as a whole" } } : { passed: true };
}

process.on("message", (ask: Ask) => {
  void run(ask).then(
    (answer) => process.send?.(answer),
    (error: unknown) => process.send?.({ passed: false, by: { file: ask.file, name: String(error) } }),
  );
});
process.send?.("ready");
// With its own workers and servers, also when the other process was killed.
process.on("disconnect", () => process.kill(-process.pid, "SIGKILL"));
