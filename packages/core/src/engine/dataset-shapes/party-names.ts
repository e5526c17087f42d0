import * as z from "zod";
import { EsiError } from "../../eve/esi/index.ts";
import * as Names from "../../eve/names/index.ts";
import type { FetchContext, Fetched } from "../dataset/index.ts";
import type { DatasetShape } from "./shape.ts";

const operation = "PostUniverseNames";

const minuteMs = 60_000;
/** New parties come with the journal, contracts and killmails: looked for this often. */
const lookEveryMs = 15 * minuteMs;
/** Where some were new, more may be on their way; what was not answered follows as well. */
const soonMs = 2 * minuteMs;
/** Corporations and alliances can be renamed. */
const renewEveryMs = 7 * 24 * 3_600_000;

interface Sources {
  /** The dataset in which some have a name already: `character_id` and `name`. */
  named?: string;
}

async function namedIn(context: FetchContext, { named }: Sources): Promise<ReadonlySet<number>> {
  if (named === undefined) return new Set();
  const people = await context.view(named);
  return people.derive("named", ({ columns }) => {
    const ids = (columns.character_id ?? []) as number[];
    return new Set(ids.filter((_, at) => typeof columns.name?.[at] === "string"));
  });
}

async function ask(ids: readonly number[]): Promise<Names.Named> {
  try {
    return await Names.resolve(ids);
  } catch (error) {
    if (!(error instanceof EsiError)) throw error;
    return { names: new Map(), isIncomplete: true, cost: 0 };
  }
}

/** Every name that was once given stays, also when ESI gives none any more: ledgers speak of parties of long ago. */
async function fetch(context: FetchContext, sources: Sources): Promise<Fetched> {
  const [ids, named, previous] = await Promise.all([
    context.ids(["party", "character"]),
    namedIn(context, sources),
    context.previous(),
  ]);
  const now = Date.now();
  const rows = new Map(previous.rows().map((row) => [row.party_id as number, row]));
  const isDue = (id: number) => now - Date.parse(String(rows.get(id)?.named_at ?? 0)) >= renewEveryMs;
  // ESI writes 0, or 1, where there is nobody.
  const wanted = [...ids].filter((id) => id > 1 && !named.has(id));
  const unnamed = wanted.filter((id) => !rows.has(id) || isDue(id));
  const { names, isIncomplete, cost } = await ask(unnamed);
  for (const { id, name, category } of names.values()) {
    rows.set(id, { party_id: id, name, category, named_at: new Date(now).toISOString() });
  }
  const missing = wanted.filter((id) => !rows.has(id)).length;
  const why = isIncomplete
    ? "They are asked for again in a few minutes."
    : "ESI does not know them; each is asked for again after a day or more.";
  return {
    parts: [{ part: "", ...(names.size > 0 ? { rows: [...rows.values()] } : {}) }],
    staleAt: now + (isIncomplete || names.size > 0 ? soonMs : lookEveryMs),
    cost,
    ...(missing > 0 ? { missing: { count: missing, why } } : {}),
  };
}

/** What those are called of whom an owner's datasets speak. */
export const partyRows = {
  storage: "snapshot",
  row: z.object({
    party_id: z.int(),
    name: z.string(),
    category: z.string().optional(),
    named_at: z.string(),
  }),
  key: ["party_id"],
  columns: {
    name: { title: "Name", kind: "text" },
    category: { title: "Kind", kind: "enum" },
    named_at: { title: "Name as of", kind: "date" },
    party_id: { title: "Id", kind: "id", hidden: true },
  },
  sort: "name",
} as const satisfies DatasetShape;

/** How parties are asked for. */
export const partyNaming = {
  operation,
  fetch:
    (sources: Sources = {}) =>
    (context: FetchContext) =>
      fetch(context, sources),
} as const;
