// npm test: everything that must hold, from a fresh clone. All stages run; the first failure decides the exit code.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { installIfNeeded, requireNode, root } from "./install.mjs";
import { asArguments, findFaketime, settingOf, shifted } from "./test-clock.mjs";

const usage = `npm test -- [options]

  --clock MOMENT   run under another clock: 2028-02-29T11:05Z
  --tz ZONE        and in another time zone: Asia/Kolkata
  --locale NAME    and locale: tr_TR.UTF-8
  --only STAGE     types, lint, unit, shifted, web or browser; shifted runs only in CI unless named here
`;
const options = Object.fromEntries(["clock", "tz", "locale", "only"].map((name) => [name, { type: "string" }]));
let asked = {};
try {
  asked = parseArgs({ options: { ...options, help: { type: "boolean" } } }).values;
} catch (error) {
  console.error(`\n  ✗ ${error.message}\n\n${usage}`);
  process.exit(1);
}
if (asked.help) {
  console.log(usage);
  process.exit(0);
}

requireNode();
installIfNeeded();
if (asked.clock || asked.tz || asked.locale) rerunShifted();

const { buildWebIfNeeded } = await import("./build-web.mjs");
const { findBrowser } = await import("./find-browser.mjs");

const totals = { passed: 0, failed: 0 };
let exitCode = 0;

function count(passed, failed, code) {
  totals.passed += passed;
  totals.failed += failed;
  if (exitCode === 0) exitCode = code;
}

/** All of this again, in a process whose clock, zone and locale are others from its first moment. */
function rerunShifted() {
  const { clock, tz, locale, only } = asked;
  if (clock && !findFaketime()) {
    console.error("\n  ✗ --clock needs faketime: apt-get install faketime\n");
    process.exit(1);
  }
  const self = [process.execPath, fileURLToPath(import.meta.url), ...(only ? ["--only", only] : [])];
  const { command, env } = shifted(self, { clock, tz, locale }, true);
  process.exit(call(command, env));
}

function call([program, ...args], env = {}) {
  const windows = process.platform === "win32";
  const settings = { cwd: root, stdio: "inherit", shell: windows, env: { ...process.env, ...env } };
  return spawnSync(program, args, settings).status ?? 1;
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

/** A stage that is one test. */
function check(title, work) {
  const code = stage(title, work);
  count(code === 0 ? 1 : 0, code === 0 ? 0 : 1, code);
}

/** A vitest run, counted by its own report; one that fails without a failed test (a file that does not load) is one. */
function vitest(title, args, { env = {}, wrap = (command) => ({ command, env: {} }) } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "tapi-test-"));
  const report = join(folder, "report.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const wrapped = wrap([bin("vitest"), "run", ...args, ...reporters]);
  const code = stage(title, () => call(wrapped.command, { ...env, ...wrapped.env }));
  const found = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : {};
  rmSync(folder, { recursive: true, force: true });
  const { numPassedTests = 0, numFailedTests = 0, testResults = [] } = found;
  const broken = testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0).length;
  const failed = numFailedTests + broken;
  count(numPassedTests, code !== 0 && failed === 0 ? 1 : failed, code);
}

/** CI runs what depends on time a second time, at a moment chosen by the day. */
function againShifted() {
  const setting = settingOf(new Date());
  const isFaketimeThere = findFaketime();
  const again = `npm test -- ${asArguments(setting)} --only unit`;
  if (!isFaketimeThere) {
    console.error("\n✗ faketime is missing and could not be installed: only the tests' own clock is shifted below.");
    count(0, 1, 1);
  }
  vitest(`unit and integration tests at another time; the same again: ${again}`, ["--exclude", "infra/**"], {
    wrap: (command) => shifted(command, setting, isFaketimeThere),
  });
}

async function browserTests() {
  const browser = await findBrowser();
  const config = join("test", "browser", "vitest.config.ts");
  if (browser) return vitest("browser tests", ["--config", config], { env: { CHROMIUM_PATH: browser } });
  console.error("\n✗ browser tests: no Chromium was found or could be installed; set CHROMIUM_PATH to one.");
  count(0, 1, 1);
}

const stages = {
  types: () => check("types", () => call([bin("tsc"), "-p", "tsconfig.json", "--noEmit"])),
  lint: () =>
    check(
      "lint",
      () =>
        call([bin("biome"), "check", "."]) ||
        call([bin("oxlint"), "--type-aware", "--quiet"]) ||
        call([bin("depcruise"), "packages", "bench", "infra", "scripts", "test"]),
    ),
  unit: () => vitest("unit, integration and infrastructure tests", []),
  // A run that is shifted itself is not shifted twice.
  shifted: () => ((process.env.CI && !process.env.TEST_CLOCK) || asked.only ? againShifted() : undefined),
  web: () => check("web app builds", () => buildWebIfNeeded()),
  browser: browserTests,
};
if (asked.only && !(asked.only in stages)) {
  console.error(`\n  ✗ --only takes one of ${Object.keys(stages).join(", ")}, not "${asked.only}".\n`);
  process.exit(1);
}
for (const [name, work] of Object.entries(stages)) if (!asked.only || asked.only === name) await work();

console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
process.exit(exitCode);
