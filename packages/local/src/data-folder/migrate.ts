import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { holdsData } from "../host/data-dir.mjs";
import { backupUnopened } from "./backup.ts";
import { backupsIn } from "./copy.ts";
import { type Marker, writeMarker } from "./marker.ts";
import { steps as allSteps, type Step } from "./steps.ts";

export interface Migration {
  dir: string;
  say: (line: string) => void;
  steps?: readonly Step[];
}

/** Once, before the first step: a migration that was cut off must not put what it has half changed in its place. */
async function keepBefore({ dir, say }: Migration, marker: Marker): Promise<Marker> {
  if (marker.migration || !holdsData(dir)) return marker;
  const backup = join("backups", `before-format-${marker.format + 1}.tar.gz`);
  say(`The data are of an older TAPI: they are copied to ${backup}, then brought up to date.`);
  mkdirSync(backupsIn(dir), { recursive: true, mode: 0o700 });
  // One that is there was made by a start that was cut off before it could write so down: nothing had changed yet.
  await backupUnopened({ dir, file: join(dir, backup), force: true });
  const next = { ...marker, migration: { from: marker.format, backup } };
  writeMarker(dir, next);
  return next;
}

/**
 * Brings a data folder that nobody has opened to the current format, step by step. Cut off anywhere, it goes on at the next
 * start with the step that it was at. Call it with the host's lock held.
 */
export async function migrate(migration: Migration, found: Marker): Promise<void> {
  const { dir, say, steps = allSteps } = migration;
  if (found.format >= steps.length) return;
  let marker = await keepBefore(migration, found);
  for (const [index, { title, run }] of steps.entries()) {
    if (index < marker.format) continue;
    say(`Data folder, step ${index + 1} of ${steps.length}: ${title}`);
    await run(dir);
    marker = { ...marker, format: index + 1 };
    writeMarker(dir, marker);
  }
  const { migration: done, ...rest } = marker;
  writeMarker(dir, rest);
  if (done) say(`The data are up to date. Keep or remove the copy from before: ${join(dir, done.backup)}`);
}
