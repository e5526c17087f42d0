import * as Esi from "../../eve/esi/index.ts";
import type { Answered } from "./ask.ts";
import { type FetchedItems, fetchItems } from "./fetch-items.ts";
import type { FetchContext, Fetched, ItemState, Row, Validator, View } from "./index.ts";
import { lacksNames } from "./name-columns.ts";

/** One thing of a list whose detail has a call of its own. */
export interface Item {
  /** Names it in the validators, and through `partOf` in the dataset's own rows. */
  part: string;
  /** Changes whenever its detail has. Absent, and not `live`: the detail never changes. */
  stamp?: string;
  /** The detail changes although nothing shows in the list: asked for again whenever the last answer has expired. */
  live?: boolean;
  /** Not asked for by this fetcher; its rows stay. */
  isKept?: boolean;
  /** The list says that the item has rows: an empty answer is never believed. */
  isNeverEmpty?: boolean;
  /** Of what is kept: another fetcher can ask for it, and should when it has changed. */
  isAwaited?: boolean;
}

export interface DetailShape<Each extends Item> {
  /** The items there are now, those to be asked for first in front. */
  items: (context: FetchContext) => Promise<Each[]>;
  /** The part that a row belongs to. */
  partOf: (row: Row) => string;
  ask: (item: Each, known: Validator | undefined, context: FetchContext) => Promise<Answered>;
  /** Feeds: the column by which newer rows replace an item's older ones. Absent: an answer replaces all of them. */
  idColumn?: string;
  /** A ledger keeps what it has: only what was answered is handed on. */
  ledger?: boolean;
}

/** What is known of the items of rows that lack columns: each is asked for in full once its last answer has expired. */
function outdatedStates(known: States, parts: ReadonlySet<string>): States {
  const states: Record<string, ItemState> = {};
  for (const part of parts) states[part] = { expiresAt: 0, refused: true };
  for (const [part, { etags: _etags, after: _after, ...state }] of Object.entries(known)) {
    states[part] = { ...state, refused: true };
  }
  return states;
}

/** Calls at most in one refresh: what is left over follows a minute later. */
const most = 100;
const leftoverMs = 60_000;
/** Details that expire within this time of each other are asked for together. */
const togetherMs = 60_000;
/** Nothing will expire: still looked through this often. */
const horizonMs = 24 * 3_600_000;
/** What only another fetcher can ask for waits for that one's turn: the next one comes after this time. */
const turnMs = 10 * 60_000;
/** Of what is left of a bucket, this part goes to details; the lists that draw on it need the rest. */
const shareOfBudget = 0.5;
const tokensPerCall = 2;
/**
 * Believe an empty answer only after this many in a row: an answer may have lost its rows. From then on the item is asked
 * for again after twice as long each time, since three answers may have lost them too.
 */
const emptyAnswersBelieved = 3;
const firstDoubtMs = 3_600_000;
const longestDoubtMs = 7 * 24 * 3_600_000;
/** Where the list says that there is something it is not believed, and asked for at least this often. */
const longestExpectingMs = 6 * 3_600_000;

type States = Readonly<Record<string, ItemState>>;

interface Reading {
  isFeed: boolean;
  accepts: FetchContext["accepts"];
}

const neverChanges = (item: Item) => item.stamp === undefined && !item.live;

/** Whether an item that was asked for is asked for again, once what was answered has expired. */
const isAskedAgain = (item: Item, state: ItemState): boolean =>
  state.refused === true || state.emptyAnswers !== undefined || item.live === true || item.stamp !== state.stamp;

function isDue(item: Item, state: ItemState | undefined, hasRows: boolean, now: number): boolean {
  if (item.isKept) return false;
  if (!state) return !(hasRows && neverChanges(item));
  return state.expiresAt * 1000 <= now && isAskedAgain(item, state);
}

/** From when an item is asked for again although its list stays as it is. */
function dueAgainAt(item: Item, state: ItemState | undefined, now: number): number {
  const never = Number.POSITIVE_INFINITY;
  if (state && !isAskedAgain(item, state)) return never;
  if (item.isKept) return item.isAwaited ? now + turnMs : never;
  return state ? state.expiresAt * 1000 + togetherMs : never;
}

function affordable(operation: Esi.OperationId, { characterId, interactive }: FetchContext): number {
  const { rateGroup }: Esi.Route = Esi.routes[operation];
  if (!rateGroup || characterId === undefined || interactive) return most;
  const calls = Math.floor((Esi.Budget.remaining(rateGroup, characterId) * shareOfBudget) / tokensPerCall);
  // One at least: the client itself says when the bucket is spent, and until when.
  return Math.min(most, Math.max(1, calls));
}

/** What is known of an item, if it may be asked for what is newer alone. After an empty answer it is asked for in full. */
function validatorOf(state: ItemState | undefined): Validator | undefined {
  if (!state || state.emptyAnswers) return undefined;
  return { etags: state.etags ?? [], ...(state.after === undefined ? {} : { after: state.after }) };
}

const seconds = (epochMs: number) => Math.ceil(epochMs / 1000);

/** When to ask again for an item whose last `answers` answers were empty. */
function askedAgainAt({ isNeverEmpty }: Item, answers: number, staleAt: number): number {
  if (answers < emptyAnswersBelieved) return staleAt;
  const longest = isNeverEmpty ? longestExpectingMs : longestDoubtMs;
  return Math.max(
    staleAt,
    Date.now() + Math.min(longest, firstDoubtMs * 2 ** Math.min(20, answers - emptyAnswersBelieved)),
  );
}

/** What is to be remembered of an item. Nothing where rows that never change say it already. */
function stateOf(
  item: Item,
  { rows = [], validator, staleAt, failure }: Answered,
  known: ItemState | undefined,
  { isFeed, accepts }: Reading,
): ItemState | undefined {
  const { stamp = "" } = item;
  const expectsRows = neverChanges(item) || (isFeed && item.stamp !== known?.stamp);
  const emptyCount = known?.emptyAnswers?.stamp === stamp ? known.emptyAnswers.answers + 1 : 1;
  if (rows.length === 0 && expectsRows) {
    const { refused: _, ...kept } = known ?? {};
    const expiresAt = seconds(askedAgainAt(item, emptyCount, staleAt));
    return { ...kept, expiresAt, emptyAnswers: { stamp, answers: emptyCount } };
  }
  if (failure || !rows.every(accepts) || lacksNames(rows))
    return { expiresAt: seconds(staleAt), refused: true as const };
  if (neverChanges(item) && rows.length > 0) return undefined;
  return {
    expiresAt: seconds(staleAt),
    ...(validator?.etags.length ? { etags: validator.etags } : {}),
    ...(validator?.after === undefined ? {} : { after: validator.after }),
    ...(item.stamp === undefined ? {} : { stamp: item.stamp }),
  };
}

function statesOf(items: readonly Item[], known: States, { answers, refused }: FetchedItems, reading: Reading): States {
  const states: Record<string, ItemState> = {};
  for (const item of items) {
    const answered = answers.get(item.part);
    const until = refused.get(item.part);
    const state = answered ? stateOf(item, answered, known[item.part], reading) : known[item.part];
    if (until !== undefined) states[item.part] = { ...state, expiresAt: seconds(until), refused: true };
    else if (state) states[item.part] = state;
  }
  return states;
}

const answeredRows = ({ answers }: FetchedItems): Row[] => [...answers.values()].flatMap(({ rows }) => rows ?? []);

/** The rows of the next version: what was answered, and what is known of everything else that is still there. */
function nextRows<Each extends Item>(
  { partOf, idColumn }: DetailShape<Each>,
  present: ReadonlySet<string>,
  previous: View,
  fetched: FetchedItems,
  { accepts }: FetchContext,
): Row[] {
  const answered = answeredRows(fetched);
  const nameOf = (row: Row) => `${partOf(row)}/${idColumn ? row[idColumn] : ""}`;
  const again = new Set(answered.filter(accepts).map(nameOf));
  const isKept = (row: Row) => {
    const part = partOf(row);
    if (!present.has(part)) return false;
    return idColumn ? !again.has(nameOf(row)) : fetched.answers.get(part)?.rows === undefined;
  };
  return [...previous.rows().filter(isKept), ...answered];
}

/** When to look again while the list stays as it is: soon for what is left over, else when the first item is due again. */
function nextAt(items: readonly Item[], states: States, fetched: FetchedItems, hasMore: boolean): number {
  const now = Date.now();
  if (fetched.isUnfinished || hasMore) return Math.max(fetched.retryAt ?? 0, now + leftoverMs);
  const first = (at: number, item: Item) => Math.min(at, dueAgainAt(item, states[item.part], now));
  return Math.max(items.reduce(first, now + horizonMs), now + leftoverMs);
}

/**
 * Details of the items of a list, one call each, only for those that are new or changed, as far as the budget goes. An
 * item that ESI refuses keeps the rows it has and is left alone for a while; it does not fail the others.
 */
export function details<Each extends Item>(operation: Esi.OperationId, shape: DetailShape<Each>) {
  const { partOf, ledger } = shape;
  return async (context: FetchContext): Promise<Fetched> => {
    const [items, previous] = await Promise.all([shape.items(context), context.previous()]);
    const parts = previous.derive("parts", (view) => new Set(view.rows().map(partOf)));
    const { items: stored = {}, isOutdated } = context.validators[""] ?? {};
    const known: States = isOutdated ? outdatedStates(stored, parts) : stored;
    const isKnown = ({ part }: Item) => parts.has(part) || (known[part] !== undefined && !known[part].refused);
    const now = Date.now();
    const due = items.filter((item) => isDue(item, known[item.part], parts.has(item.part), now));
    const inOrder = [...due.filter((item) => !isKnown(item)), ...due.filter(isKnown)];
    const chosen = inOrder.slice(0, affordable(operation, context));
    const fetched = await fetchItems(chosen, {
      ask: (item) => shape.ask(item, validatorOf(known[item.part]), context),
      hasWorked: isKnown,
      hasEverWorked: parts.size > 0 || Object.values(known).some((state) => !state.refused),
      progress: context.progress,
    });
    const states = statesOf(items, known, fetched, {
      isFeed: shape.idColumn !== undefined,
      accepts: context.accepts,
    });
    const present = new Set(items.map((item) => item.part));
    const hasGone = !ledger && [...parts].some((part) => !present.has(part));
    const hasNews = [...fetched.answers.values()].some(({ rows }) => rows);
    const hasMore = chosen.length < due.length;
    const rows = () => (ledger ? answeredRows(fetched) : nextRows(shape, present, previous, fetched, context));
    return {
      parts: [{ part: "", ...(hasNews || hasGone ? { rows: rows() } : {}), validator: { etags: [], items: states } }],
      staleAt: nextAt(items, states, fetched, hasMore),
      cost: fetched.cost,
      ...(hasMore ? { hasMore } : {}),
    };
  };
}
