import { fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Bench, Figure } from "./figure.ts";

/*
 * pnpm bench [name ...] [--json]: runs the benchmarks one after the other. Figures that matter are ratios measured in the
 * same run, so that they say the same on a fast and on a slow machine.
 */

const args = process.argv.slice(2);
const json = args.includes("--json");
const wanted = args.filter((arg) => !arg.startsWith("--"));

const print = (figure: Figure): void => {
  if (json) {
    console.log(JSON.stringify(figure));
    return;
  }
  const value = Number.isInteger(figure.value) ? String(figure.value) : figure.value.toFixed(2);
  const goal = figure.goal ? `goal ${figure.goal}` : "";
  console.log(
    `  ${figure.name.padEnd(46)} ${value.padStart(10)} ${figure.unit.padEnd(12)} ${goal.padEnd(14)} ${figure.detail ?? ""}`,
  );
};

const nameOf = (file: string) => file.replace(".bench.ts", "");

const files = readdirSync(new URL(".", import.meta.url))
  .filter((file) => file.endsWith(".bench.ts"))
  .filter((file) => wanted.length === 0 || wanted.includes(nameOf(file)))
  .sort();

if (files.length === 0) {
  console.error(`No benchmark is called ${wanted.join(" or ")}.`);
  process.exit(2);
}

/** A process of its own for each: entities keep the first table that they meet, and each benchmark has one. */
async function inProcesses(): Promise<void> {
  for (const file of files) {
    const child = fork(fileURLToPath(import.meta.url), [nameOf(file), ...args.filter((arg) => arg.startsWith("--"))]);
    const [code] = (await once(child, "exit")) as [number | null];
    if (code !== 0) process.exitCode = 1;
  }
}

if (files.length > 1) {
  await inProcesses();
} else {
  const { default: bench } = (await import(new URL(`${files[0]}`, import.meta.url).href)) as { default: Bench };
  if (!json) console.log(`\n${bench.name}`);
  for (const figure of await bench.run()) print(figure);
}
process.exit();
