import * as Esi from "../esi/index.ts";

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
