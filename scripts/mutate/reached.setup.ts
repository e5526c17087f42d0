import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach } from "vitest";

/** What one test file reached: each site with the numbers of its tests, and what runs for all of them. */
export interface Reached {
  file: string;
  loadMs: number;
  tests: { id: string; ms: number }[];
  sites: Record<string, number[]>;
  shared: string[];
}

declare global {
  var reached: Set<string> | undefined;
}

const now = process.hrtime.bigint;
const result: Reached = { file: "", loadMs: 0, tests: [], sites: {}, shared: [] };
const shared = new Set<string>();
globalThis.reached = new Set();

function take(): string[] {
  const sites = [...(globalThis.reached ?? [])];
  globalThis.reached?.clear();
  return sites;
}

function share(): void {
  for (const site of take()) shared.add(site);
}

let began = now();
beforeEach(() => {
  if (result.tests.length === 0) result.loadMs = Math.round(process.uptime() * 1_000);
  share();
  began = now();
});

afterEach(({ task }) => {
  const number = result.tests.push({ id: task.id, ms: Number((now() - began) / 1_000_000n) }) - 1;
  result.file = task.file.filepath;
  for (const site of take()) {
    const numbers = result.sites[site] ?? [];
    numbers.push(number);
    result.sites[site] = numbers;
  }
});

afterAll(() => {
  share();
  result.shared = [...shared];
  const folder = process.env.MUTATE_REACHED;
  if (folder && result.file) writeFileSync(join(folder, `${crypto.randomUUID()}.json`), JSON.stringify(result));
});
