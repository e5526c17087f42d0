// npm test: everything that must hold, from a fresh clone. All stages run; the first failure decides the exit code.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installIfNeeded, requireNode, root } from "./install.mjs";

requireNode();
installIfNeeded();

const { buildWebIfNeeded } = await import("./build-web.mjs");
const { findBrowser } = await import("./find-browser.mjs");

const totals = { passed: 0, failed: 0 };
let exitCode = 0;

function count(passed, failed, code) {
  totals.passed += passed;
  totals.failed += failed;
  if (exitCode === 0) exitCode = code;
}

function stage(title, work) {
  const startedAt = performance.now();
  console.log(`\n▶ ${title}`);
  const code = work();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${code === 0 ? "✓" : "✗"} ${title} (${seconds} s)`);
  return code;
}

const bin = (name) => join(root, "node_modules", ".bin", process.platform === "win32" ? `${name}.cmd` : name);
const run = (name, args, env = {}) =>
  spawnSync(bin(name), args, {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
    env: { ...process.env, ...env },
  }).status ?? 1;

/** A stage that is one test. */
function check(title, work) {
  const code = stage(title, work);
  count(code === 0 ? 1 : 0, code === 0 ? 0 : 1, code);
}

/** A vitest run, counted by its own report; one that fails without a failed test (a file that does not load) is one. */
function vitest(title, args, env) {
  const folder = mkdtempSync(join(tmpdir(), "tapi-test-"));
  const report = join(folder, "report.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const code = stage(title, () => run("vitest", ["run", ...args, ...reporters], env));
  const found = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : {};
  rmSync(folder, { recursive: true, force: true });
  const { numPassedTests = 0, numFailedTests = 0, testResults = [] } = found;
  const broken = testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0).length;
  const failed = numFailedTests + broken;
  count(numPassedTests, code !== 0 && failed === 0 ? 1 : failed, code);
}

check("types", () => run("tsc", ["-p", "tsconfig.json", "--noEmit"]));
check("lint", () => run("biome", ["check", "."]) || run("oxlint", ["--type-aware", "--quiet"]));
vitest("unit, integration and infrastructure tests", []);
check("web app builds", () => buildWebIfNeeded());

const browserConfig = join("test", "browser", "vitest.config.ts");
const browser = await findBrowser();
if (browser) vitest("browser tests", ["--config", browserConfig], { CHROMIUM_PATH: browser });
else {
  console.error("\n✗ browser tests: no Chromium was found or could be installed; set CHROMIUM_PATH to one.");
  count(0, 1, 1);
}

console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
process.exit(exitCode);
