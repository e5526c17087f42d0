// pnpm test:matrix: npm test under every pair of clock, Node, user and time zone; ends with a table.
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { root } from "./install.mjs";

const clocks = ["2026-12-05T15:00Z", "2026-12-31T23:50Z", "2028-02-29T11:05Z", "2031-07-17T04:30Z"];
const nodes = [20, 22, 24];
const zones = ["UTC", "Asia/Kolkata", "America/New_York"];
const users = ["root", "ordinary"];

/** As few as can hold every pair: there are twelve of clock and Node alone. */
export const rows = clocks.flatMap((clock, c) =>
  nodes.map((node, n) => ({
    number: c * nodes.length + n + 1,
    clock,
    node,
    user: users[(c + n) % users.length],
    tz: zones[(c + n) % zones.length],
  })),
);

/** `nobody`: has no rights, and no files that a run could disturb. */
const nobody = 65_534;
const isRoot = process.getuid?.() === 0;
const limitMs = 45 * 60_000;

function must(program, args) {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}`);
  return stdout.trim();
}

/** A folder with that Node alone, readable by everybody; npm brings what is not here. */
function binOf(node, folder) {
  const bin = join(folder, `node-${node}`);
  mkdirSync(bin, { recursive: true });
  const isThis = process.versions.node.startsWith(`${node}.`);
  const path = isThis ? process.execPath : must("npx", ["-y", `node@${node}`, "-p", "process.execPath"]);
  copyFileSync(path, join(bin, "node"));
  chmodSync(join(bin, "node"), 0o755);
  return bin;
}

/** The repository as `nobody`'s own, once for all rows. */
function copyFor(uid, folder) {
  const copy = join(folder, "tapi");
  must("cp", ["-a", root.replace(/\/$/, ""), copy]);
  must("chown", ["-R", `${uid}:${uid}`, copy]);
  return copy;
}

function runRow(row, { folder, only, treeOf }) {
  if (row.user === "root" && !isRoot) return "not run: needs root";
  const isOther = isRoot && row.user === "ordinary";
  const bin = binOf(row.node, folder);
  const cwd = isOther ? treeOf() : root;
  const log = join(folder, `row-${row.number}.log`);
  const output = openSync(log, "w");
  const home = isOther ? { HOME: join(folder, "home"), TMPDIR: join(folder, "tmp") } : {};
  const args = ["scripts/test.mjs", "--clock", row.clock, "--tz", row.tz, ...(only ? ["--only", only] : [])];
  const { status } = spawnSync(join(bin, "node"), args, {
    cwd,
    stdio: ["ignore", output, output],
    timeout: limitMs,
    env: { ...process.env, ...home, PATH: `${bin}${delimiter}${process.env.PATH}` },
    ...(isOther ? { uid: nobody, gid: nobody } : {}),
  });
  const closing = /^\d+ passed, \d+ failed$/m.exec(readFileSync(log, "utf8"))?.[0] ?? "no closing line";
  return status === 0 ? closing : `${closing} (exit ${status ?? "timeout"}; ${log})`;
}

function main() {
  const { values, positionals } = parseArgs({
    args: process.argv.slice(2).filter((each) => each !== "--"),
    options: { only: { type: "string" } },
    allowPositionals: true,
  });
  const chosen = rows.filter(({ number }) => positionals.length === 0 || positionals.includes(String(number)));
  const folder = mkdtempSync(join(tmpdir(), "tapi-matrix-"));
  chmodSync(folder, 0o755);
  for (const name of ["home", "tmp"]) {
    mkdirSync(join(folder, name));
    chmodSync(join(folder, name), 0o1777);
  }
  let tree;
  const treeOf = () => {
    tree ??= copyFor(nobody, folder);
    return tree;
  };
  console.log("| row | clock | Node | user | time zone | result | minutes |\n|---|---|---|---|---|---|---|");
  let isGood = chosen.length > 0;
  for (const row of chosen) {
    const startedAt = performance.now();
    const result = runRow(row, { folder, only: values.only, treeOf });
    const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1);
    const { number, clock, node, user, tz } = row;
    console.log(`| ${number} | ${clock} | ${node} | ${user} | ${tz} | ${result} | ${minutes} |`);
    isGood &&= /^\d+ passed, 0 failed$/.test(result);
  }
  // The logs of what failed stay.
  if (isGood) rmSync(folder, { recursive: true, force: true });
  else if (tree) rmSync(tree, { recursive: true, force: true });
  process.exit(isGood ? 0 : 1);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) main();
