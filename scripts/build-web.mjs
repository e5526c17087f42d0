// Builds the web app when its sources have changed since the last build.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "./install.mjs";

const web = join(root, "packages", "web");
const stamp = join(web, "dist", ".built-from");
const sources = [
  "src",
  "public",
  "index.html",
  "vite.config.ts",
  "package.json",
  "../../pnpm-lock.yaml",
  "../../scripts/build-web.mjs",
];

function* files(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile()) yield path;
  if (stat?.isDirectory()) for (const name of readdirSync(path).sort()) yield* files(join(path, name));
}

/** Of names and contents: a copy of the folder elsewhere, with other times, was built from the same. */
function fingerprint() {
  const hash = createHash("sha256");
  for (const source of sources) {
    for (const path of files(join(web, source))) hash.update(`${relative(web, path)}\n`).update(readFileSync(path));
  }
  return hash.digest("hex");
}

const vite = join(web, "node_modules", "vite", "bin", "vite.js");

/** Gives the exit code of the build; 0 at once when there is nothing to do. */
export function buildWebIfNeeded() {
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return 0;
  console.log("  Building the web app…");
  // Whoever asks may be a test runner: with its NODE_ENV React would be built for development, half as large again.
  const env = { ...process.env, NODE_ENV: "production" };
  const result = spawnSync(process.execPath, [vite, "build"], { cwd: web, env, encoding: "utf8" });
  if (result.status === 0) writeFileSync(stamp, wanted);
  else console.error(`${result.stdout}\n${result.stderr}`);
  return result.status ?? 1;
}

/** Rebuilds the web app at each change, for as long as this process lives. */
export async function watchWeb() {
  const { build } = await import(`${web}/node_modules/vite/dist/node/index.js`);
  await build({ root: web, logLevel: "warn", build: { watch: {}, emptyOutDir: false } });
}
