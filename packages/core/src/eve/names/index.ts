import { mapConcurrent } from "../../platform/parallel/index.ts";
import * as Esi from "../esi/index.ts";
import { askInBatches, Refusals } from "../lookup/index.ts";
import * as Refused from "./refused.ts";

export * as Refused from "./refused.ts";

/** Planets and moons have no route that takes many: so many are asked for side by side. */
const celestialLanes = 8;
/** Calls that fail, after which no more are made. */
const maxFailures = 3;
/** Names kept in the process. */
const maxKept = 50_000;
/** Corporations and alliances can be renamed: a name is asked for again after this time. */
const keptMs = 24 * 3_600_000;

export interface Party {
  id: number;
  name: string;
  category?: string;
}

/** What came of asking for names. Ids that ESI does not know are missing. */
export interface Named {
  names: Map<number, Party>;
  /** Whether some were not answered although they may have a name: they are to be asked for again. */
  isIncomplete: boolean;
  cost: number;
}

/** For a person who waits. */
interface Options {
  interactive?: boolean;
  signal?: AbortSignal;
}

export type Resolve = (ids: Iterable<number>, options?: Options) => Promise<Named>;

interface Resolved {
  found: Iterable<Party>;
  refused: readonly number[];
  isIncomplete: boolean;
  cost: number;
}

/** Names from the process's memory, and from ESI those of the others that it has not just refused. */
function resolver(kind: Refused.Kind, ask: (ids: number[], options?: Options) => Promise<Resolved>): Resolve {
  const kept = new Map<number, Party & { at: number }>();
  const isKept = (id: number) => Date.now() - (kept.get(id)?.at ?? 0) < keptMs;
  return async (ids, options) => {
    const wanted = [...new Set(ids)];
    const unknown = await Refused.without(
      kind,
      wanted.filter((id) => !isKept(id)),
    );
    const { found, refused, isIncomplete, cost } =
      unknown.length > 0 ? await ask(unknown, options) : { found: [], refused: [], isIncomplete: false, cost: 0 };
    const at = Date.now();
    for (const party of found) kept.set(party.id, { ...party, at });
    await Refused.remember(kind, refused);
    const names = new Map(wanted.flatMap((id) => (kept.has(id) ? [[id, kept.get(id) as Party] as const] : [])));
    if (kept.size > maxKept) kept.clear();
    return { names, isIncomplete, cost };
  };
}

const operation = "PostUniverseNames";

/** Names of characters, corporations, alliances and factions by id. */
export const resolve = resolver("names", async (ids, options) => {
  const found = await askInBatches<Party>(ids, {
    operation,
    ask: (body) => Esi.request(operation, { body, ...options }),
    idOf: ({ id, name }) => (typeof name === "string" ? id : undefined),
    mayRisk: Refusals.mayRisk,
    onRefusal: Refusals.record,
  });
  const { answers, refused, failed, isUnfinished, cost } = found;
  return { found: answers.values(), refused, isIncomplete: isUnfinished || failed.length > 0, cost };
});

type AskOne = (id: number) => Promise<{ data?: unknown; cost: number }>;

/** One call each. What was answered counts, whatever became of the others. */
const oneByOne =
  (askOne: AskOne) =>
  async (ids: number[]): Promise<Resolved> => {
    const found: Party[] = [];
    const refused: number[] = [];
    const failures: Esi.EsiError[] = [];
    let cost = 0;
    await mapConcurrent(celestialLanes, ids, async (id) => {
      if (failures.length >= maxFailures || !Refusals.mayRisk()) return;
      try {
        const answer = await askOne(id);
        const { name } = (answer.data ?? {}) as { name?: unknown };
        cost += answer.cost;
        if (typeof name === "string") found.push({ id, name });
      } catch (thrown) {
        const error = Esi.esiErrorOf(thrown);
        if (error.kind === "not_found" || error.kind === "bad_request") {
          Refusals.record();
          refused.push(id);
        } else failures.push(error);
      }
    });
    return { found, refused, isIncomplete: found.length + refused.length < ids.length, cost };
  };

/** Names of planets by id. */
export const planets = resolver(
  "planets",
  oneByOne((id) => Esi.request("GetUniversePlanetsPlanetId", { path: { planet_id: id } })),
);
/** Names of moons by id. */
export const moons = resolver(
  "moons",
  oneByOne((id) => Esi.request("GetUniverseMoonsMoonId", { path: { moon_id: id } })),
);
