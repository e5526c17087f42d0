import * as Esi from "../esi/index.ts";
import { inLanes } from "../lanes/index.ts";

/** ESI resolves at most this many ids a call. */
const batchLimit = 1000;
/** Names kept in the process; a name changes rarely, and a new process asks again. */
const maxKept = 50_000;

const kept = new Map<number, string>();

interface Resolved {
  id: number;
  name: string;
}

/** One id that ESI does not know makes it refuse the whole batch: halve until the unknown one stands alone. */
async function resolveBatch(ids: number[]): Promise<Resolved[]> {
  try {
    const { data } = await Esi.request("PostUniverseNames", { body: ids });
    return (data ?? []) as Resolved[];
  } catch (error) {
    if (!(error instanceof Esi.EsiError) || error.kind !== "not_found") throw error;
    if (ids.length === 1) return [];
    const middle = Math.ceil(ids.length / 2);
    return (await Promise.all([resolveBatch(ids.slice(0, middle)), resolveBatch(ids.slice(middle))])).flat();
  }
}

/** Names of characters, corporations and alliances by id; ids that ESI does not know are missing. */
export async function resolve(ids: Iterable<number>): Promise<Map<number, string>> {
  const wanted = [...new Set(ids)];
  const unknown = wanted.filter((id) => !kept.has(id));
  for (let from = 0; from < unknown.length; from += batchLimit) {
    for (const { id, name } of await resolveBatch(unknown.slice(from, from + batchLimit))) kept.set(id, name);
  }
  const names = new Map(wanted.flatMap((id) => (kept.has(id) ? [[id, kept.get(id) as string] as const] : [])));
  if (kept.size > maxKept) kept.clear();
  return names;
}

const celestialRoutes = {
  planet: (id: number) => Esi.request("GetUniversePlanetsPlanetId", { path: { planet_id: id } }),
  moon: (id: number) => Esi.request("GetUniverseMoonsMoonId", { path: { moon_id: id } }),
};

/** Planets and moons have no route that takes many. */
const celestialLanes = 8;

/** Names of planets or moons by id, one call for each that is new to this process; ids that ESI does not know are missing. */
export const celestials = (kind: keyof typeof celestialRoutes) => async (ids: Iterable<number>) => {
  const names = new Map<number, string>();
  await inLanes(celestialLanes, new Set(ids), async (id) => {
    const name = kept.get(id) ?? (await celestialName(kind, id));
    if (name === undefined) return;
    names.set(id, name);
    kept.set(id, name);
  });
  return names;
};

async function celestialName(kind: keyof typeof celestialRoutes, id: number): Promise<string | undefined> {
  try {
    const { data } = await celestialRoutes[kind](id);
    return (data as { name?: string } | undefined)?.name;
  } catch (error) {
    if (error instanceof Esi.EsiError && error.kind === "not_found") return undefined;
    throw error;
  }
}
