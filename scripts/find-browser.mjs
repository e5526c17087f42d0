// Finds a Chromium for the browser tests, and installs one when there is none.
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { root } from "./install.mjs";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "chrome"];

const elsewhere = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

function runnable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const installed = () =>
  [
    process.env.CHROMIUM_PATH,
    ...(process.env.PATH ?? "").split(delimiter).flatMap((dir) => names.map((name) => join(dir, name))),
    ...elsewhere,
  ].find((path) => path && runnable(path));

async function playwrights() {
  const { chromium } = await import("playwright-core");
  const path = chromium.executablePath();
  return existsSync(path) ? path : undefined;
}

const run = (command, args) => spawnSync(command, args, { cwd: root, stdio: "inherit" }).status === 0;

/** Debian's package, where root may install it. */
function installDebians() {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return false;
  console.log("  Installing Debian's chromium for the browser tests…");
  process.env.DEBIAN_FRONTEND = "noninteractive";
  return (
    run("apt-get", ["update", "-qq"]) && run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"])
  );
}

function installPlaywrights() {
  console.log("  Fetching Playwright's chromium for the browser tests…");
  return run(process.execPath, [join(root, "node_modules", "playwright-core", "cli.js"), "install", "chromium"]);
}

/** The path of a browser, or undefined when none could be found or installed. */
export async function findBrowser() {
  const known = installed() ?? (await playwrights());
  if (known) return known;
  if (installDebians()) return installed();
  if (installPlaywrights()) return playwrights();
  return undefined;
}
