import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { replaceFile } from "../durable-file/index.ts";
import { clearDataDir, holdsData, markerName } from "../host/data-dir.mjs";
import { StartError } from "../host/start-error.mjs";
import { currentFormat } from "./steps.ts";

const Format = z.object({ app: z.literal("tapi"), format: z.int().nonnegative().default(0) });

const Marker = Format.extend({
  /** The EVE that the data are of; tokens and ids of one mean nothing in another. */
  world: z.string().optional(),
  createdAt: z.string(),
  /** A migration is under way: where the data were copied to before it began. */
  migration: z.object({ from: z.int(), backup: z.string() }).optional(),
  /** A restore is under way, from this file. */
  restoring: z.string().optional(),
});

/** What `tapi-data.json` says of a data folder. */
export type Marker = z.infer<typeof Marker>;

/** Folders that were made before they named their world hold New Eden's. */
const firstWorld = "New Eden";

export const worldOf = ({ world }: Marker): string => world ?? firstWorld;

const refuseNewer = (what: string, format: number) =>
  new StartError(
    `${what} was written by a newer TAPI (data format ${format}; this one knows formats up to ${currentFormat}). Update TAPI to use it.`,
  );

/** The marker in a text, for people named `what`. Throws StartError if it is torn, or newer than this TAPI. */
export function parseMarker(text: string, what: string, remedy: string): Marker {
  const damaged = (cause: unknown) => new StartError(`${what} is damaged. ${remedy}`, { cause });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw damaged(cause);
  }
  // A newer TAPI may write anything else.
  const found = Format.safeParse(json);
  if (!found.success) throw damaged(found.error);
  if (found.data.format > currentFormat) throw refuseNewer(what, found.data.format);
  const marker = Marker.safeParse(json);
  if (!marker.success) throw damaged(marker.error);
  return marker.data;
}

/** Of a folder whose marker is lost: what it must have said. */
function guess(dir: string, world: string): Marker {
  const isOfNewEden = existsSync(join(dir, "new-eden"));
  return { app: "tapi", format: 0, createdAt: new Date().toISOString(), world: isOfNewEden ? firstWorld : world };
}

/** Undefined: the folder has none. */
export function readMarker(dir: string): Marker | undefined {
  const path = join(dir, markerName);
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, "utf8");
  // The system lost power while the folder was being made.
  if (text === "" && !holdsData(dir)) return undefined;
  const fresh = `{"app":"tapi","format":${currentFormat},"world":"…","createdAt":"…"}`;
  return parseMarker(
    text,
    path,
    `Restore a backup (pnpm tapi restore FILE --data DIR), or write ${fresh} into it, with the world that the data are of: ` +
      `"${firstWorld}", or with --eve the address of its login.`,
  );
}

export function writeMarker(dir: string, marker: Marker): void {
  replaceFile(join(dir, markerName), `${JSON.stringify(marker)}\n`);
}

const refuseOther = (dir: string, kept: string, world: string) =>
  new StartError(`${dir} holds data of ${kept}, not of ${world}. Choose another folder: npm start -- --data DIR`);

function create(dir: string, world: string): Marker {
  const marker = { app: "tapi" as const, format: currentFormat, world, createdAt: new Date().toISOString() };
  writeMarker(dir, marker);
  return marker;
}

/** Empties the folder, whatever state its data are in, unless they are another world's. */
export function forget(dir: string, world: string): void {
  const kept = findWorld(dir);
  if (kept !== undefined && kept !== world) throw refuseOther(dir, kept, world);
  clearDataDir(dir);
  create(dir, world);
}

function findWorld(dir: string): string | undefined {
  try {
    return z
      .object({ world: z.string().default(firstWorld) })
      .parse(JSON.parse(readFileSync(join(dir, markerName), "utf8"))).world;
  } catch {
    return undefined;
  }
}

/** What the folder holds, which from now on is this world's. Throws StartError where it is another's, or cannot be used. */
export function claim(dir: string, world: string): Marker {
  const found = readMarker(dir) ?? (holdsData(dir) ? guess(dir, world) : undefined);
  if (!found) return create(dir, world);
  if (found.restoring !== undefined) {
    throw new StartError(
      `A restore into ${dir} was cut off. Run it again: pnpm tapi restore ${found.restoring} --data ${dir} --force`,
    );
  }
  const kept = worldOf(found);
  if (kept !== world) throw refuseOther(dir, kept, world);
  return found;
}
