import * as Esi from "../esi/index.ts";

export { isDue, type Unanswered, unanswered } from "./memory.ts";
export * as Refusals from "./refusals.ts";

/*
 * Ids that are looked up, many in one call. One id that ESI does not know makes it refuse the whole list: the list is
 * halved until that one stands alone. What was answered counts, whatever became of the rest.
 */

/** ESI takes at most this many ids a call. */
const batchLimit = 1000;
/** Lists that ESI fails to answer, in one lookup, on the way to the id that makes it fail; fewer before any answer. */
const maxFailures = 8;
const maxFailuresAtFirst = 4;

/** What came of a lookup. An id that is in none of the three was not reached. */
export interface Found<Entry> {
  answers: Map<number, Entry>;
  /** ESI refused it alone. */
  refused: number[];
  /** ESI failed to answer for it alone, or left it out of its answer. */
  failed: number[];
  /** Whether ids were not reached: too much was refused, or no further call made sense. */
  isUnfinished: boolean;
  /** The last error that was no refusal. */
  error?: Esi.EsiError;
  cost: number;
}

interface Options<Entry> {
  ask: (ids: number[]) => Promise<{ data?: unknown; cost: number }>;
  /** The id of an entry; undefined for what is no entry. */
  idOf: (entry: Partial<Entry>) => unknown;
  /** Says whether one more call that may be refused can be risked. */
  mayRisk: () => boolean;
  /** Called at each refusal. */
  onRefusal: () => void;
  operation: Esi.OperationId;
  progress?: ((done: number, total: number) => void) | undefined;
}

interface Lookup<Entry> extends Found<Entry> {
  failures: number;
  isOver: boolean;
  /** Lists that are still to be asked for. */
  queue: number[][];
}

/** The list has an id that ESI does not take. */
const isRefusal = (error: Esi.EsiError): boolean => error.kind === "not_found" || error.kind === "bad_request";
/** It is the asker that is refused, whatever is asked. */
const isAskers = (error: Esi.EsiError): boolean => error.kind === "forbidden" || error.kind === "unauthorized";
/** One id may be what ESI stumbles over; other errors strike whatever is asked. */
const mayBeAnIds = (error: Esi.EsiError): boolean => ["server", "timeout", "malformed"].includes(error.kind);

function take<Entry>(round: Lookup<Entry>, ids: readonly number[], data: unknown, { idOf, operation }: Options<Entry>) {
  if (!Array.isArray(data)) throw new Esi.EsiError("malformed", operation, "the answer is no list");
  const requested = new Set(ids);
  for (const entry of data as (Partial<Entry> | null)[]) {
    const id = typeof entry === "object" && entry !== null ? idOf(entry) : undefined;
    if (typeof id === "number" && requested.has(id)) round.answers.set(id, entry as Entry);
  }
  const unanswered = ids.filter((id) => !round.answers.has(id));
  // Emptied, as answers are after an outage: that says nothing of any id.
  if (unanswered.length === ids.length) throw new Esi.EsiError("malformed", operation, "nothing was answered");
  round.failed.push(...unanswered);
}

async function askList<Entry>(ids: number[], round: Lookup<Entry>, options: Options<Entry>): Promise<void> {
  if (round.isOver || !options.mayRisk()) {
    round.isUnfinished = true;
    return;
  }
  try {
    const { data, cost } = await options.ask(ids);
    round.cost += cost;
    take(round, ids, data, options);
  } catch (thrown) {
    const error = Esi.esiErrorOf(thrown);
    if (isAskers(error)) throw error;
    recordRefusal(error, ids, round, options);
  }
}

/**
 * What made ESI refuse or fail is in one of a list's halves, or in both. Halves of a refused one come next: each lookup
 * shall get to single ids, which are remembered. Those of a failed one come last: they may keep ESI busy to no end.
 */
function recordRefusal<Entry>(error: Esi.EsiError, ids: number[], round: Lookup<Entry>, options: Options<Entry>): void {
  if (isRefusal(error)) {
    options.onRefusal();
    if (ids.length === 1) round.refused.push(...ids);
  } else {
    round.error = error;
    round.failures += 1;
    const most = round.answers.size > 0 ? maxFailures : maxFailuresAtFirst;
    if (!mayBeAnIds(error) || round.failures >= most) {
      round.isOver = true;
      round.isUnfinished = true;
      return;
    }
    if (ids.length === 1) round.failed.push(...ids);
  }
  if (ids.length === 1) return;
  const middle = Math.ceil(ids.length / 2);
  const halves = [ids.slice(0, middle), ids.slice(middle)];
  if (isRefusal(error)) round.queue.unshift(...halves);
  else round.queue.push(...halves);
}

const batchesOf = (ids: readonly number[]): number[][] =>
  Array.from({ length: Math.ceil(ids.length / batchLimit) }, (_, batch) =>
    ids.slice(batch * batchLimit, (batch + 1) * batchLimit),
  );

/**
 * Looks ids up, in as few calls as may be. Throws EsiError if it is the asker that is refused, or if nothing came of it and
 * the reason is no id's own.
 */
export async function askInBatches<Entry>(wanted: Iterable<number>, options: Options<Entry>): Promise<Found<Entry>> {
  const ids = [...new Set(wanted)];
  const round: Lookup<Entry> = {
    answers: new Map(),
    refused: [],
    failed: [],
    isUnfinished: false,
    cost: 0,
    failures: 0,
    isOver: false,
    queue: batchesOf(ids),
  };
  for (let list = round.queue.shift(); list; list = round.queue.shift()) {
    await askList(list, round, options);
    options.progress?.(round.answers.size + round.refused.length, ids.length);
  }
  const { failures: _failures, queue: _queue, isOver, ...found } = round;
  if (isOver && round.error && round.answers.size === 0 && round.refused.length === 0) throw round.error;
  return found;
}
