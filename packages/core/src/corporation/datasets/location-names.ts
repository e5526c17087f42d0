import * as z from "zod";
import { define, type FetchContext, type Fetched, type Row, type View } from "../../dataset/index.ts";
import * as Esi from "../../esi/index.ts";

const operation = "GetUniverseStructuresStructureId";

/** Ids from here on are items or player structures; below are systems and stations, which the static data names. */
const firstItemId = 1_000_000_000_000;
/** A refused lookup counts against ESI's limit of 100 errors a minute, so few are risked at a time. */
const maxLookups = 20;
const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** Columns of other datasets that say where something is. What was not fetched yet adds nothing yet. */
const places: readonly (readonly [dataset: string, column: string])[] = [
  ["assets", "location_id"],
  ["member-tracking", "location_id"],
  ["industry-jobs", "location_id"],
  ["orders", "location_id"],
  ["contracts", "start_location_id"],
  ["contracts", "end_location_id"],
];

async function viewsOf(context: FetchContext): Promise<Map<string, View>> {
  const names = [...new Set(["structures", ...places.map(([dataset]) => dataset)])];
  return new Map(await Promise.all(names.map(async (name) => [name, await context.view(name)] as const)));
}

/** Structures that anything is in. Items are left out: what is in a container is where the container is. */
function wantedIn(views: ReadonlyMap<string, View>): number[] {
  const items = new Set((views.get("assets")?.columns.item_id ?? []) as number[]);
  const own = views.get("structures");
  const isPlace = (id: number | null): id is number =>
    id !== null && id >= firstItemId && (!items.has(id) || (own?.find(id) ?? -1) >= 0);
  const ids = places.flatMap(([dataset, column]) => (views.get(dataset)?.columns[column] ?? []) as (number | null)[]);
  return [...new Set(ids.filter(isPlace))];
}

/** The corporation's own structures say themselves what they are called. */
function ownName(structures: View | undefined, id: number, asked_at: string): Row | undefined {
  const at = structures?.find(id) ?? -1;
  const row = at < 0 ? undefined : structures?.row(at);
  if (!row?.name) return undefined;
  return { location_id: id, name: row.name, solar_system_id: row.system_id, type_id: row.type_id, asked_at };
}

async function lookUp(id: number, context: FetchContext): Promise<{ row: Row; cost: number }> {
  const asked_at = new Date().toISOString();
  try {
    const { data, cost } = await Esi.request(operation, {
      path: { structure_id: id },
      ...(context.accessToken ? { accessToken: context.accessToken } : {}),
      ...(context.characterId ? { characterId: context.characterId } : {}),
    });
    const { name, solar_system_id, type_id } = data as { name: string; solar_system_id: number; type_id?: number };
    return { row: { location_id: id, name, solar_system_id, asked_at, ...(type_id ? { type_id } : {}) }, cost };
  } catch (error) {
    // No docking access, or the structure is gone: remembered, and asked again tomorrow.
    if (error instanceof Esi.EsiError && (error.kind === "forbidden" || error.kind === "not_found")) {
      return { row: { location_id: id, asked_at }, cost: 0 };
    }
    throw error;
  }
}

async function fetch(context: FetchContext): Promise<Fetched> {
  const [views, previous] = await Promise.all([viewsOf(context), context.previous()]);
  const now = Date.now();
  const isKnown = (id: number) => {
    const at = previous.find(id);
    return at >= 0 && now - Date.parse(String(previous.value("asked_at", at))) < dayMs;
  };
  const wanted = wantedIn(views);
  const rows = new Map(
    wanted.flatMap((id) => {
      const at = previous.find(id);
      return at < 0 ? [] : [[id, previous.row(at)] as const];
    }),
  );
  const due = wanted.filter((id) => !isKnown(id));
  const own = new Map(due.map((id) => [id, ownName(views.get("structures"), id, new Date(now).toISOString())]));
  for (const [id, row] of own) if (row) rows.set(id, row);
  const asked = due.filter((id) => !own.get(id)).slice(0, maxLookups);
  let cost = 0;
  for (const [done, id] of asked.entries()) {
    const answer = await lookUp(id, context);
    rows.set(id, answer.row);
    cost += answer.cost;
    context.progress(done + 1, asked.length);
  }
  const more = wanted.length > rows.size;
  return { parts: [{ part: "", rows: [...rows.values()] }], staleAt: now + (more ? hourMs / 6 : hourMs), cost };
}

export const locationNames = define({
  name: "location-names",
  title: "Structure names",
  group: "Assets",
  queue: "assets",
  operations: [operation],
  storage: "snapshot",
  after: ["assets", "member-tracking"],
  row: z.object({
    location_id: z.int(),
    name: z.string().optional(),
    solar_system_id: z.int().optional(),
    type_id: z.int().optional(),
    asked_at: z.string(),
  }),
  key: ["location_id"],
  columns: {
    location_id: { title: "Location id", kind: "id", hidden: true },
    name: { title: "Name", kind: "text" },
    solar_system_id: { title: "System", kind: "system" },
    type_id: { title: "Type", kind: "type" },
    asked_at: { title: "Asked", kind: "date", hidden: true },
  },
  sort: "name",
  fetch,
});
