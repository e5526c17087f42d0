import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StartError } from "./start-error.ts";

/** Its presence says that everything in the folder is ours to write and, with `--fresh`, to remove. */
const marker = "tapi-data.json";

/** Makes the data folder, or refuses one that holds anything but our own data, or that of another world. */
export function prepareDataDir(dir: string, world: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (existsSync(join(dir, marker))) {
    const { world: kept = "New Eden" } = JSON.parse(readFileSync(join(dir, marker), "utf8")) as { world?: string };
    if (kept === world) return;
    throw new StartError(
      `${dir} holds data of ${kept}, not of ${world}. Choose another folder: npm start -- --data DIR`,
    );
  }
  if (readdirSync(dir).length > 0) {
    throw new StartError(`${dir} holds other files than TAPI's. Choose an empty folder: npm start -- --data DIR`);
  }
  writeFileSync(join(dir, marker), `${JSON.stringify({ app: "tapi", world, createdAt: new Date().toISOString() })}\n`);
}

/** Removes all data but the folder itself. Call it only with the host's lock held. */
export function clearDataDir(dir: string): void {
  for (const entry of readdirSync(dir)) {
    if (entry !== marker) rmSync(join(dir, entry), { recursive: true, force: true, maxRetries: 3 });
  }
}

/** A reader sees the old file or the new one, never half of it. */
export function writeJsonAtomically(path: string, value: unknown): void {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(temporary, path);
}
