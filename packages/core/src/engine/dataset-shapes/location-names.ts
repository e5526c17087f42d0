import * as z from "zod";
import * as Esi from "../../eve/esi/index.ts";
import { isDue, Refusals, unanswered } from "../../eve/lookup/index.ts";
import type { FetchContext, Fetched, ItemState, Row, View } from "../dataset/index.ts";
import { structuresOf } from "./asset-places.ts";
import type { DatasetShape } from "./shape.ts";

const operation = "GetUniverseStructuresStructureId";

/** Ids from here on are items or player structures; below are systems and stations, which the static data names. */
const firstItemId = 1_000_000_000_000;
/** A refused lookup counts against ESI's limit of 100 errors a minute, so few are risked at a time. */
const maxLookups = 20;
/** Lookups that ESI fails to answer, after which no more are made; a moment later it may be well again. */
const maxFailures = 5;
const minuteMs = 60_000;
/** A structure is renamed unseen: its name is read again this often. */
const rereadSeconds = 24 * 3600;
const namedMs = rereadSeconds * 1000;
/** Once one is read again, those go along that would be within this time: they come to share one refresh a day. */
const togetherMs = 4 * 3_600_000;

interface Sources {
  /** Columns of other datasets that say where something is. What was not fetched yet adds nothing yet. */
  places: readonly (readonly [dataset: string, column: string])[];
  /** The dataset of the owner's own structures, which say themselves what they are called. */
  own?: string;
}

async function viewsOf(context: FetchContext, { places, own }: Sources): Promise<Map<string, View>> {
  const names = [...new Set([...(own ? [own] : []), ...places.map(([dataset]) => dataset)])];
  return new Map(await Promise.all(names.map(async (name) => [name, await context.view(name)] as const)));
}

/** Structures that anything is in. Items are left out: what is in a container is where the container is. */
function wantedIn(views: ReadonlyMap<string, View>, { places }: Sources): number[] {
  const assets = views.get("assets");
  const items = new Set((assets?.columns.item_id ?? []) as number[]);
  const own = assets ? structuresOf(assets) : new Set();
  const isPlace = (id: number | null): id is number =>
    typeof id === "number" && id >= firstItemId && (!items.has(id) || own.has(id));
  const ids = places.flatMap(([dataset, column]) => (views.get(dataset)?.columns[column] ?? []) as (number | null)[]);
  return [...new Set(ids.filter(isPlace))];
}

function ownName(structures: View | undefined, id: number, asked_at: string): Row | undefined {
  const at = structures?.find(id) ?? -1;
  const row = at < 0 ? undefined : structures?.row(at);
  if (!row?.name) return undefined;
  const { name, system_id: solar_system_id, type_id } = row;
  return { location_id: id, name, solar_system_id, type_id, asked_at, named_at: asked_at };
}

interface Structure {
  name: string;
  owner_id: number;
  solar_system_id: number;
  type_id?: number;
  position: { x: number; y: number; z: number };
}

async function ask(id: number, context: FetchContext): Promise<{ row: Row; cost: number }> {
  const { data, cost } = await Esi.request(operation, {
    path: { structure_id: id },
    owner: context.owner.id,
    ...(context.accessToken ? { accessToken: context.accessToken } : {}),
    ...(context.characterId ? { characterId: context.characterId } : {}),
  });
  const { name, solar_system_id, type_id, owner_id, position } = (data ?? {}) as Partial<Structure>;
  if (typeof name !== "string" || typeof solar_system_id !== "number") {
    throw new Esi.EsiError("malformed", operation, "the answer has no name");
  }
  const asked_at = new Date().toISOString();
  const known = {
    location_id: id,
    name,
    solar_system_id,
    type_id,
    owner_id,
    ...position,
    asked_at,
    named_at: asked_at,
  };
  return { row: known, cost };
}

type Memory = Record<string, ItemState>;

interface Lookup {
  rows: Map<number, Row>;
  /** What is remembered of those that were not answered. */
  memory: Memory;
  asked: number;
  cost: number;
  answers: number;
  failures: number;
  /** Why no more are asked for. */
  error?: Esi.EsiError;
}

/** No docking access, or the structure is gone. */
const isRefusal = ({ kind }: Esi.EsiError): boolean => ["forbidden", "not_found", "bad_request"].includes(kind);
/** One structure's own, perhaps. */
const mayBeItsOwn = ({ kind }: Esi.EsiError): boolean => ["server", "timeout", "malformed", "network"].includes(kind);

/** A refused or failed lookup takes nothing away: the row keeps the last good answer, with its date. */
function recordError(round: Lookup, id: number, thrown: unknown): void {
  const error = Esi.esiErrorOf(thrown);
  if (isRefusal(error)) {
    Refusals.record();
    round.memory[id] = unanswered(round.memory[id], true);
    round.rows.set(id, { ...round.rows.get(id), location_id: id, asked_at: new Date().toISOString() });
    return;
  }
  if (!mayBeItsOwn(error)) {
    round.error = error;
    return;
  }
  round.failures += 1;
  round.memory[id] = unanswered(round.memory[id], false);
  if (round.failures >= maxFailures) round.error = error;
}

async function lookUp(ids: readonly number[], round: Lookup, context: FetchContext): Promise<void> {
  for (const id of ids) {
    if (round.error || round.asked >= maxLookups || !Refusals.mayRisk()) return;
    round.asked += 1;
    try {
      const { row, cost } = await ask(id, context);
      round.rows.set(id, row);
      round.cost += cost;
      round.answers += 1;
      delete round.memory[id];
    } catch (error) {
      recordError(round, id, error);
    }
    context.progress(round.asked, ids.length);
  }
}

/** When it was last read; rows of an earlier release have the moment at which it was asked for. */
const namedAt = (row: Row | undefined): number =>
  row?.name === undefined ? 0 : Date.parse(String(row.named_at ?? row.asked_at));

/** When the first of the names is read again: what comes meanwhile shows in the datasets that this one follows. */
function nextAt({ memory, error, rows }: Lookup, wanted: readonly number[], isMore: boolean, now: number): number {
  if (error?.retryAt) return error.retryAt;
  if (isMore) return now + 2 * minuteMs;
  const dueAt = (id: number) => Math.max(namedAt(rows.get(id)) + namedMs, (memory[id]?.expiresAt ?? 0) * 1000);
  return Math.max(now + minuteMs, Math.min(now + namedMs, ...wanted.map(dueAt)));
}

function missing({ rows, memory }: Lookup, wanted: readonly number[]): Pick<Fetched, "missing"> {
  const nameless = wanted.filter((id) => rows.get(id)?.name === undefined);
  if (nameless.length === 0) return {};
  const refused = nameless.filter((id) => memory[id]?.refused).length;
  const why =
    refused > 0
      ? `ESI refuses ${refused} structures: nobody whose token fetches may dock there, or they are gone. Each is asked for again after a day or more.`
      : "The others are asked for in the next minutes.";
  return { missing: { count: nameless.length, why } };
}

async function fetch(context: FetchContext, sources: Sources): Promise<Fetched> {
  const [views, previous] = await Promise.all([viewsOf(context, sources), context.previous()]);
  const now = Date.now();
  const known = context.validators[""]?.items ?? {};
  const wanted = wantedIn(views, sources);
  // What was named once keeps its name, also while nothing is there: ledgers and the feed still speak of it.
  const rows = new Map(previous.rows().map((row) => [row.location_id as number, row]));
  const isOlder = (id: number, ms: number) => now - namedAt(rows.get(id)) >= ms && isDue(known[id], now);
  const ageMs = wanted.some((id) => isOlder(id, namedMs)) ? namedMs - togetherMs : namedMs;
  const isAsked = (id: number) => isOlder(id, ageMs);
  const at = new Date(now).toISOString();
  for (const id of wanted) {
    const own = ownName(views.get(sources.own ?? ""), id, at);
    if (own && (own.name !== rows.get(id)?.name || isAsked(id))) rows.set(id, own);
  }
  const foreign = wanted.filter(isAsked);
  const inOrder = [...foreign.filter((id) => !rows.has(id)), ...foreign.filter((id) => rows.has(id))];
  const round: Lookup = { rows, memory: { ...known }, asked: 0, cost: 0, answers: 0, failures: 0 };
  await lookUp(inOrder, round, context);
  const { error, answers, cost, memory } = round;
  if (error?.kind === "unauthorized") throw error;
  const isUnheard = answers === 0 && error !== undefined;
  return {
    parts: [{ part: "", rows: [...rows.values()], validator: { etags: [], items: memory } }],
    staleAt: nextAt(round, wanted, inOrder.length > round.asked, now),
    cost,
    ...(isUnheard ? { failure: error } : {}),
    ...missing(round, wanted),
  };
}

/** What the structures are called in which an owner's things are. */
export const locationNames = {
  storage: "snapshot",
  rereadSeconds,
  row: z.object({
    location_id: z.int(),
    name: z.string().optional(),
    solar_system_id: z.int().optional(),
    type_id: z.int().optional(),
    owner_id: z.int().optional(),
    x: z.number().optional(),
    y: z.number().optional(),
    z: z.number().optional(),
    asked_at: z.string(),
    named_at: z.string().optional(),
  }),
  key: ["location_id"],
  columns: {
    location_id: { title: "Location id", kind: "id", hidden: true },
    name: { title: "Name", kind: "text" },
    solar_system_id: { title: "System", kind: "system" },
    type_id: { title: "Type", kind: "type" },
    named_at: { title: "Name as of", kind: "date" },
    owner_id: { title: "Owner", kind: "party", hidden: true },
    x: { title: "x (m)", kind: "number", hidden: true },
    y: { title: "y (m)", kind: "number", hidden: true },
    z: { title: "z (m)", kind: "number", hidden: true },
    asked_at: { title: "Asked", kind: "date", hidden: true },
  },
  sort: "name",
} as const satisfies DatasetShape;

const hourSeconds = 3600;

/** What comes with assets and members, which change once an hour, is named at once; with other lists, within the hour. */
const followedBy = ({ places, own }: Sources): Record<string, number> =>
  Object.fromEntries(
    [...places.map(([dataset]) => dataset), ...(own ? [own] : [])].map((dataset) => [
      dataset,
      ["assets", "member-tracking"].includes(dataset) ? 0 : hourSeconds,
    ]),
  );

/** How structures are asked for, one by one. */
export const locationNaming = {
  operation,
  follows: followedBy,
  fetch: (sources: Sources) => (context: FetchContext) => fetch(context, sources),
} as const;
