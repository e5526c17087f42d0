import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

export interface Outcome {
  status: "passed" | "failed" | "timeout";
  /** The test that failed first. */
  by?: string;
}

interface Report {
  testResults: { name: string; assertionResults: { status: string; fullName: string }[] }[];
}

function firstFailure(report: string, root: string): string | undefined {
  try {
    const { testResults } = JSON.parse(readFileSync(report, "utf8")) as Report;
    for (const { name, assertionResults } of testResults) {
      const failed = assertionResults.find(({ status }) => status === "failed");
      if (failed) return `${name.replace(`${root}/`, "")} > ${failed.fullName}`;
    }
  } catch {
    // No report: the run itself broke, which is a failure without a test's name.
  }
  return undefined;
}

/** Ends a run with its workers and embedded servers: they are one process group. */
function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** Runs test files in a checkout up to the first failure, `timeoutMs` at the most. */
export async function runTests(root: string, tests: readonly string[], timeoutMs: number): Promise<Outcome> {
  const report = join(root, "mutate-report.json");
  rmSync(report, { force: true });
  const args = ["run", ...tests, "--bail=1", "--reporter=json", `--outputFile=${report}`];
  const vitest = join(root, "node_modules", ".bin", "vitest");
  const child = spawn(vitest, args, { cwd: root, stdio: "ignore", detached: true });
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    endGroup(child.pid);
  }, timeoutMs);
  const [code] = (await once(child, "exit")) as [number | null];
  clearTimeout(timer);
  endGroup(child.pid);
  if (timedOut) return { status: "timeout" };
  const by = code === 0 ? undefined : firstFailure(report, root);
  return { status: code === 0 ? "passed" : "failed", ...(by && { by }) };
}
