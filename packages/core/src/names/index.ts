import * as Esi from "../esi/index.ts";
import { inLanes } from "../lanes/index.ts";

/** ESI resolves at most this many ids a call. */
const batchLimit = 1000;
/** Planets and moons have no route that takes many: so many are asked for side by side. */
const celestialLanes = 8;
/** Names kept in the process; a name changes rarely, and a new process asks again. */
const maxKept = 50_000;

const kept = new Map<number, string>();

interface Resolved {
  id: number;
  name: string;
}

type Keep = (resolved: Resolved) => void;

/** Names by id: those that are kept, and what `ask` finds of the others. Ids that ESI does not know are missing. */
async function namesOf(ids: Iterable<number>, ask: (unknown: number[], keep: Keep) => Promise<void>) {
  const wanted = [...new Set(ids)];
  const unknown = wanted.filter((id) => !kept.has(id));
  await ask(unknown, ({ id, name }) => kept.set(id, name));
  const names = new Map(wanted.flatMap((id) => (kept.has(id) ? [[id, kept.get(id) as string] as const] : [])));
  if (kept.size > maxKept) kept.clear();
  return names;
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

/** Names of characters, corporations, alliances and factions by id. */
export const resolve = (ids: Iterable<number>): Promise<Map<number, string>> =>
  namesOf(ids, async (unknown, keep) => {
    for (let from = 0; from < unknown.length; from += batchLimit) {
      for (const resolved of await resolveBatch(unknown.slice(from, from + batchLimit))) keep(resolved);
    }
  });

const celestialRoutes = {
  planet: (id: number) => Esi.request("GetUniversePlanetsPlanetId", { path: { planet_id: id } }),
  moon: (id: number) => Esi.request("GetUniverseMoonsMoonId", { path: { moon_id: id } }),
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

const celestials = (kind: keyof typeof celestialRoutes) => (ids: Iterable<number>) =>
  namesOf(ids, (unknown, keep) =>
    inLanes(celestialLanes, unknown, async (id) => {
      const name = await celestialName(kind, id);
      if (name !== undefined) keep({ id, name });
    }),
  );

/** Names of planets by id. */
export const planets = celestials("planet");
/** Names of moons by id. */
export const moons = celestials("moon");
