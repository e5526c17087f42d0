// Brings node_modules in line with the lockfile, with nothing but Node and npm on the machine.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

const { packageManager, engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const stamp = join(root, "node_modules", ".tapi-installed");

/** Ends the process with a plain sentence when this Node is too old to go on. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = engines.node
    .replace(/[^\d.]/g, "")
    .split(".")
    .map(Number);
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  console.error(
    `\n  ✗ TAPI needs Node ${wantedMajor}.${wantedMinor} or newer; this is ${process.versions.node} (${process.execPath}).\n`,
  );
  process.exit(1);
}

/** Runs a program of the repository through the pinned pnpm; gives its exit code. */
function pnpm(args, options = {}) {
  const npx = process.platform === "win32" ? "npx.cmd" : "npx";
  const shell = process.platform === "win32";
  const result = spawnSync(npx, ["-y", packageManager, ...args], { cwd: root, stdio: "inherit", shell, ...options });
  return result.status ?? 1;
}

const wanted = () => {
  const hash = createHash("sha256");
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml"]) hash.update(readFileSync(join(root, file)));
  return hash.digest("hex");
};

/** Installs when node_modules is missing or the lockfile has changed since; otherwise takes no time. */
export function installIfNeeded() {
  const lock = wanted();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  console.log("  Installing packages (once; a minute or two)…");
  const code = pnpm(["install", "--frozen-lockfile", "--config.confirm-modules-purge=false"]);
  if (code !== 0) {
    console.error("\n  ✗ The packages could not be installed; see above. The npm registry must be reachable.\n");
    process.exit(code);
  }
  writeFileSync(stamp, lock);
}
