import { appendFileSync, existsSync, readFileSync } from "node:fs";
import type { Mutant } from "./mutators.ts";

export type Verdict = "killed" | "survived" | "timeout" | "equivalent" | "untested";

export interface Result {
  key: string;
  file: string;
  title: string;
  verdict: Verdict;
  note?: string | undefined;
}

export const titleOf = ({ file, line, mutator, original, replacement }: Mutant) => {
  const short = (text: string) => text.replaceAll(/\s+/g, " ").slice(0, 90);
  return `${file}:${line} [${mutator}] \`${short(original)}\` -> \`${short(replacement)}\``;
};

/** What was assessed before, so that a run can go on where another stopped. */
export function readResults(path: string | undefined): Map<string, Result> {
  if (!path || !existsSync(path)) return new Map();
  const lines = readFileSync(path, "utf8").trim().split("\n").filter(Boolean);
  const results = lines.map((line): Result => JSON.parse(line));
  return new Map(results.map((result) => [result.key, result]));
}

export function saveResult(path: string | undefined, result: Result): void {
  if (path) appendFileSync(path, `${JSON.stringify(result)}\n`);
}

const packageOf = ({ file }: Result) => file.split("/")[1] ?? "";

function scoreOf(name: string, results: readonly Result[]): string {
  const count = (verdict: Verdict) => results.filter((result) => result.verdict === verdict).length;
  const assessed = results.length - count("equivalent");
  const share = ((100 * count("killed")) / Math.max(1, assessed)).toFixed(1);
  return (
    `${name}: ${count("killed")} of ${assessed} killed (${share} %), ${count("survived")} survived, ` +
    `${count("untested")} reached by no test, ${count("timeout")} without an end, ${count("equivalent")} equivalent`
  );
}

/** The score of each package and of all, below the list of what no test noticed. */
export function report(results: readonly Result[]): string {
  const unnoticed = results.filter(({ verdict }) => !["killed", "equivalent"].includes(verdict));
  const packages = [...new Set(results.map(packageOf))].sort();
  return [
    ...unnoticed.map(({ verdict, title }) => `${verdict} ${title}`),
    "",
    ...packages.map((name) =>
      scoreOf(
        name,
        results.filter((result) => packageOf(result) === name),
      ),
    ),
    scoreOf("all", results),
  ].join("\n");
}
