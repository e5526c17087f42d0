import * as Esi from "../../eve/esi/index.ts";
import { mapConcurrent } from "../../platform/parallel/index.ts";
import type { Answered } from "./ask.ts";

/** What came of asking for many items. */
export interface FetchedItems {
  answers: Map<string, Answered>;
  /** Items that ESI refused, and until when (epoch ms) they are left alone. */
  refused: Map<string, number>;
  /** Not everything that was due was answered. */
  isUnfinished: boolean;
  retryAt?: number;
  cost: number;
}

interface Named {
  part: string;
  /** Its detail is asked for again and again. */
  live?: boolean;
}

interface FetchOptions<Item extends Named> {
  ask: (item: Item) => Promise<Answered>;
  /** Whether the item was answered before. */
  hasWorked: (item: Item) => boolean;
  /** Whether any item was. */
  hasEverWorked: boolean;
  progress: (done: number, total: number) => void;
}

/** Calls side by side. */
const concurrency = 4;
/** Refusals (5 tokens each) and failures without a single answer between them, after which no more are risked. */
const maxRefusals = 3;
/** A role may come back, and what a list still has may have been missed by mistake. */
const refusedForMs = 3_600_000;
/** What is read only once and is not there will hardly come. */
const goneForMs = 24 * 3_600_000;

interface ItemFetch<Item> extends FetchedItems {
  forbidden: Item[];
  failures: Esi.EsiError[];
  error?: Esi.EsiError;
}

/** Errors after which no other item fares better. */
const stopping: readonly Esi.EsiErrorKind[] = ["unauthorized", "rate_limited", "error_limited", "downtime"];

function recordError<Item extends Named>(round: ItemFetch<Item>, item: Item, thrown: unknown): void {
  const error = Esi.esiErrorOf(thrown);
  if (stopping.includes(error.kind)) {
    round.error ??= error;
  } else if (error.kind === "forbidden") {
    round.forbidden.push(item);
    round.refused.set(item.part, Date.now() + refusedForMs);
    if (round.answers.size === 0 && round.forbidden.length >= maxRefusals) round.error ??= error;
  } else if (error.retryable) {
    round.failures.push(error);
    round.isUnfinished = true;
    if (round.failures.length >= maxRefusals) round.error ??= error;
  } else {
    round.refused.set(item.part, Date.now() + (item.live ? refusedForMs : goneForMs));
  }
}

/**
 * A 403 is the fetcher's if nothing was answered and it struck an item that was answered before, or if no item ever was;
 * otherwise this one item is closed to the owner.
 */
function blamesFetcher<Item extends Named>(
  { answers, forbidden }: ItemFetch<Item>,
  options: FetchOptions<Item>,
): boolean {
  return answers.size === 0 && forbidden.length > 0 && (!options.hasEverWorked || forbidden.some(options.hasWorked));
}

function refusal<Item extends Named>(round: ItemFetch<Item>, options: FetchOptions<Item>): Esi.EsiError | undefined {
  if (round.answers.size > 0) return undefined;
  if (round.error && round.error.kind !== "forbidden") return round.error;
  if (blamesFetcher(round, options))
    return new Esi.EsiError("forbidden", "detail", "every item was refused", { status: 403 });
  return round.failures[0];
}

/**
 * Asks for items one by one. What was answered counts even if the rest failed. Throws EsiError only if nothing was
 * answered and the reason is not one item's own.
 */
export async function fetchItems<Item extends Named>(
  items: readonly Item[],
  options: FetchOptions<Item>,
): Promise<FetchedItems> {
  const round: ItemFetch<Item> = {
    answers: new Map(),
    refused: new Map(),
    forbidden: [],
    failures: [],
    isUnfinished: false,
    cost: 0,
  };
  await mapConcurrent(concurrency, items, async (item) => {
    if (round.error) return;
    try {
      const answered = await options.ask(item);
      round.answers.set(item.part, answered);
      round.cost += answered.cost;
      options.progress(round.answers.size, items.length);
    } catch (error) {
      recordError(round, item, error);
    }
  });
  const error = refusal(round, options);
  if (error) throw error;
  const { answers, refused, cost } = round;
  const retryAt = round.error?.retryAt;
  return {
    answers,
    refused,
    cost,
    isUnfinished: round.isUnfinished || round.error !== undefined,
    ...(retryAt === undefined ? {} : { retryAt }),
  };
}
