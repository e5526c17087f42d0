// pnpm generate: see `usage`.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { catalogues, planDataset } from "./dataset.ts";
import { planModule } from "./module.ts";
import { type Place, type Plan, RefusedError } from "./plan.ts";
import { planRoute } from "./route.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

const usage = `pnpm generate                     all that is made from data/ and from declarations: ESI's types and route table, the
                                  static data, the catalogues of datasets and docs/datasets.md
pnpm generate datasets            the last two alone: after a declaration has come, has gone or was changed
pnpm generate dataset NAME        a dataset with its test, in the catalogue
    --operation ID                the ESI operation it reads: its fields become row and columns
    --group GROUP                 where the app shows it (Affairs)
    --owner KIND                  whose it is (corporation)
pnpm generate route NAME          a file of API routes with its test, mounted
pnpm generate module WING/NAME    a module of core: index, entity and test`;

const placeAt = (base: string): Place => ({
  read: (path) => readFileSync(join(base, path), "utf8"),
  exists: (path) => existsSync(join(base, path)),
  list: (folder) =>
    existsSync(join(base, folder)) ? readdirSync(join(base, folder), { recursive: true, encoding: "utf8" }) : [],
});

function planOf(base: string, args: string[]): Plan {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { operation: { type: "string" }, group: { type: "string" }, owner: { type: "string" } },
  });
  const [what, name, ...rest] = positionals;
  if (rest.length > 0) throw new RefusedError(usage);
  if (what === "dataset") return planDataset(placeAt(base), name, values);
  if (what === "route") return planRoute(placeAt(base), name);
  if (what === "module") return planModule(placeAt(base), name);
  throw new RefusedError(usage);
}

/** Writes what was asked for into the repository at `base`. Throws RefusedError, in plain words, before anything is written. */
export function generate(base: string, args: string[]): Plan {
  const plan = planOf(base, args);
  for (const [path, text] of Object.entries({ ...plan.created, ...plan.changed })) {
    mkdirSync(dirname(join(base, path)), { recursive: true });
    writeFileSync(join(base, path), text);
  }
  const code = Object.keys({ ...plan.created, ...plan.changed }).filter((path) => path.endsWith(".ts"));
  execFileSync(join(root, "node_modules/.bin/biome"), ["check", "--write", ...code], { cwd: base, stdio: "pipe" });
  return plan;
}

const run = (script: string, args: string[], options: { stdio: "inherit" } | { encoding: "utf8" }) =>
  execFileSync(join(root, "node_modules/.bin/tsx"), [join(root, script), ...args], { cwd: root, ...options });

/** Writes what follows from the declarations of datasets. */
function writeDatasets(): void {
  for (const [path, text] of Object.entries(catalogues(placeAt(root)))) writeFileSync(join(root, path), text);
  const page = run("packages/local/src/cli.ts", ["datasets", "--markdown"], { encoding: "utf8" });
  writeFileSync(join(root, "docs/datasets.md"), page);
}

function regenerate(): void {
  for (const script of ["generate-esi.ts", "generate-static-data.ts"]) {
    run(`packages/core/scripts/${script}`, [], { stdio: "inherit" });
  }
  writeDatasets();
}

function main(args: string[]): void {
  const { created, changed, todo, test } = generate(root, args);
  const lines = [
    ...Object.keys(created).map((path) => `  written   ${path}`),
    ...Object.keys(changed).map((path) => `  extended  ${path}`),
    "To fill in:",
    ...todo.map((each) => `  - ${each}`),
    `Then: pnpm check && ${test}`,
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    const args = process.argv.slice(2);
    if (args.length === 0) regenerate();
    else if (args.join() === "datasets") writeDatasets();
    else main(args);
  } catch (error) {
    const isOurs =
      error instanceof RefusedError || (error as { code?: string }).code === "ERR_PARSE_ARGS_UNKNOWN_OPTION";
    if (!isOurs) throw error;
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 2;
  }
}
