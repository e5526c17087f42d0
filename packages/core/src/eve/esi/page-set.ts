import { setMaxListeners } from "node:events";
import { mapConcurrent } from "../../platform/parallel/index.ts";
import * as Bucket from "./bucket.ts";
import { EsiError } from "./error.ts";
import { isSameTag } from "./header.ts";
import { type Call, type Caller, type OperationId, type RowOf, routeOf, type Target } from "./operation.ts";
import { pause } from "./pause.ts";
import { type Answer, call } from "./request.ts";

export interface PageSet<Page> {
  changed: boolean;
  /** All of one Last-Modified; only when something changed. */
  pages?: Page[];
  /** Where known pages are left out: the numbers of `pages`, from 1. */
  numbers?: number[];
  /** By page, to be given back at the next refresh. */
  etags: string[];
  lastModified: number | undefined;
  expiresAt: number;
  /** How many pages there are. */
  total: number;
  /** Tokens that the whole set has cost. */
  cost: number;
  /** Why some pages are missing, where that is allowed. */
  failure?: EsiError;
}

interface PageOptions {
  /** Of the last complete set: pages that are still the same then cost 1 token instead of 2. */
  etags?: string[] | undefined;
  lastModified?: number | undefined;
  /** Default 20. */
  concurrency?: number | undefined;
  onProgress?: ((done: number, total: number) => void) | undefined;
  /** Rows are only ever added: each page counts, although others fail. */
  isAppendOnly?: boolean | undefined;
  /**
   * Rows are only ever added, each with an id of its own, and those of the pages that `etags` stand for are kept: what is
   * still the same is left out, and pages that do not fit together count as well.
   */
  leavesOutKnown?: boolean | undefined;
  /**
   * Whether a page goes back to what is known: no page after the first of these is read. Absent: all pages are. Only with
   * `leavesOutKnown`.
   */
  reachesKnown?: ((page: unknown) => boolean) | undefined;
  /** How long to wait for a first page that is about to expire; default 10 s. */
  waitMs?: number | undefined;
}

const defaultConcurrency = 20;
const defaultWaitMs = 10_000;
/** A first page that expires sooner would be replaced while the others are read. */
const tooShortMs = 5000;
/** How often pages that do not fit together are read again. */
const rounds = 3;
/** By then ESI's caches should agree with each other again. */
const tornRetryMs = 60_000;

interface Reading {
  base: Call;
  options: PageOptions;
  /** By page number; [0] stays empty. */
  answers: (Answer<unknown> | undefined)[];
  total: number;
  /** Something is not what it was: every page is then needed in full. */
  changed: boolean;
  cost: number;
  /** What pages of an append-only list have failed with. */
  failures: EsiError[];
}

/** Failing pages of an append-only list after which no more are asked for. */
const maxFailures = 3;

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);

/**
 * Reads one page: by the etag of the last set while nothing was found changed, by its own if it was read before in this
 * reading (its data serve on when only its Last-Modified has moved).
 */
async function read(reading: Reading, page: number, signal: AbortSignal | undefined): Promise<Answer<unknown>> {
  const { etags, leavesOutKnown } = reading.options;
  const known = reading.answers[page];
  const remembered = reading.changed && !leavesOutKnown ? undefined : etags?.[page - 1];
  const etag = known?.status === 200 ? known.etag : remembered;
  const query = { ...reading.base.query, page };
  const answer = await call({ ...reading.base, query, signal, ...(etag ? { etag } : {}) });
  reading.cost += answer.cost;
  // Some caches hand out in full what an etag says is the same.
  if (answer.status !== 304 && !isSameTag(remembered, answer.etag)) reading.changed = true;
  const merged =
    answer.status === 304 && known?.status === 200 ? { ...answer, status: known.status, data: known.data } : answer;
  reading.answers[page] = merged;
  return merged;
}

/** How many pages are read: up to the first that goes back to what is known, and one more than were, until one does. */
function wanted({ options, answers, total }: Reading): number {
  const { reachesKnown } = options;
  if (!reachesKnown) return total;
  const reaching = answers.findIndex((answer) => answer && (answer.status === 304 || reachesKnown(answer.data)));
  return Math.min(total, reaching > 0 ? reaching : Math.max(1, answers.length));
}

/** The first page: how many there are, and whether it lives long enough to be read together with the others. */
async function open(base: Call, options: PageOptions): Promise<Reading> {
  const known = options.etags?.length ?? 1;
  const reading: Reading = {
    base,
    options,
    answers: [],
    total: known,
    changed: !options.etags?.length,
    cost: 0,
    failures: [],
  };
  const readFirst = async () => {
    const first = await read(reading, 1, base.signal);
    // Taken for the only page, it would have the rows of all others go.
    if (first.status !== 304 && first.pages === undefined && known > 1) {
      throw new EsiError("malformed", base.operation, "it does not say how many pages there are");
    }
    reading.total = first.pages ?? (first.status === 304 ? known : 1);
    if (reading.total !== known) reading.changed = true;
    return first;
  };
  const { expiresAt } = await readFirst();
  const left = expiresAt - Date.now();
  if (wanted(reading) === 1 || left > tooShortMs) return reading;
  if (left > (options.waitMs ?? defaultWaitMs)) {
    throw new EsiError("torn", base.operation, "the first page is about to expire", { retryAt: expiresAt });
  }
  await pause(left, base.signal);
  await readFirst();
  return reading;
}

/** Refuses before the first token is spent on a set that the bucket cannot pay to its end. */
function requireBudget({ base, changed }: Reading, pages: number): void {
  const group = routeOf(base.operation).rateGroup;
  const tokens = pages * (changed ? 2 : 1);
  if (!group || Bucket.available(group, base) >= tokens) return;
  const retryAt = Bucket.takeableAt(group, base, tokens);
  throw new EsiError("rate_limited", base.operation, `${pages} pages are more than is left`, { retryAt });
}

/** Whether the other pages are of use without this one. A page that is gone, or a token that is, concerns them all. */
const isBearable = ({ options }: Reading, error: unknown): error is EsiError =>
  options.isAppendOnly === true &&
  error instanceof EsiError &&
  !["not_found", "unauthorized", "forbidden"].includes(error.kind);

/** Reads `pages` side by side; the first failure calls the others off. */
async function readAll(reading: Reading, pages: number[]): Promise<void> {
  const { base, options } = reading;
  const crew = new AbortController();
  setMaxListeners(0, crew.signal);
  const follow = () => crew.abort(base.signal?.reason);
  base.signal?.addEventListener("abort", follow, { once: true });
  try {
    await mapConcurrent(options.concurrency ?? defaultConcurrency, pages, async (page) => {
      if (reading.failures.length >= maxFailures) return;
      await read(reading, page, crew.signal).catch((error: unknown) => {
        if (isBearable(reading, error)) {
          reading.failures.push(error);
          return;
        }
        crew.abort(error);
        throw error;
      });
      options.onProgress?.(reading.answers.filter(Boolean).length, reading.total);
    });
  } finally {
    base.signal?.removeEventListener("abort", follow);
  }
}

/** The pages that must be read (again) before the set is whole and of one moment. */
function misfits(reading: Reading): number[] {
  const answers = reading.answers.filter((answer) => answer !== undefined);
  const newest = Math.max(...answers.map((answer) => answer.lastModified ?? 0));
  const current = answers.filter((answer) => (answer.lastModified ?? newest) >= newest);
  reading.total = current.findLast((answer) => answer.pages)?.pages ?? reading.total;
  reading.answers.length = Math.min(reading.answers.length, reading.total + 1);
  if (current.some((answer) => (answer.pages ?? reading.total) !== reading.total)) {
    reading.changed = true;
    return range(1, wanted(reading));
  }
  return range(1, wanted(reading)).filter((page) => {
    const answer = reading.answers[page];
    if (!answer || (answer.lastModified ?? newest) < newest) return true;
    return reading.changed && answer.status === 304 && !reading.options.leavesOutKnown;
  });
}

/** After a 404 in the midst of a set: the first page tells whether the set has become shorter. */
const pageIsGone = (error: unknown): boolean => error instanceof EsiError && error.kind === "not_found";

/** An entry of a list that only grows never goes: of several pages none is empty. */
function emptyPage({ base, options, answers, total }: Reading): EsiError | undefined {
  if (!options.isAppendOnly || total === 1) return undefined;
  const isEmpty = answers.some((answer) => Array.isArray(answer?.data) && answer.data.length === 0);
  return isEmpty ? new EsiError("malformed", base.operation, "one of several pages is empty") : undefined;
}

/** What was read, of which something is missing: nothing vouches for it. */
function incomplete({ answers, total, cost, options }: Reading, failure: EsiError): PageSet<unknown> {
  const pages = answers.flatMap((answer) => (answer && answer.status !== 304 ? [answer.data] : []));
  const expiresAt = Math.max(...answers.map((answer) => answer?.expiresAt ?? 0));
  return { changed: true, pages, etags: [], lastModified: options.lastModified, expiresAt, total, cost, failure };
}

/** The pages that were handed out and are not what their tags stand for. */
function news({ answers, changed, options: { etags = [], leavesOutKnown } }: Reading) {
  if (!leavesOutKnown)
    return changed ? { changed, pages: answers.slice(1).map((answer) => answer?.data) } : { changed };
  const numbers = range(1, answers.length - 1).filter((page) => {
    const answer = answers[page];
    return answer?.status !== 304 && !isSameTag(etags[page - 1], answer?.etag);
  });
  if (numbers.length === 0) return { changed: false };
  return { changed: true, numbers, pages: numbers.map((page) => answers[page]?.data) };
}

function finish(reading: Reading): PageSet<unknown> {
  const failure = reading.failures[0] ?? emptyPage(reading);
  if (failure) return incomplete(reading, failure);
  const answers = reading.answers.slice(1).filter((answer) => answer !== undefined);
  const { etags = [], lastModified } = reading.options;
  return {
    ...news(reading),
    etags: [
      ...answers.map((answer, index) => answer.etag ?? etags[index] ?? ""),
      ...etags.slice(answers.length, reading.total),
    ],
    lastModified: answers.find((answer) => answer.lastModified)?.lastModified ?? lastModified,
    expiresAt: Math.max(...answers.map((answer) => answer.expiresAt)),
    total: reading.total,
    cost: reading.cost,
  };
}

async function readPages(base: Call, options: PageOptions): Promise<PageSet<unknown>> {
  const reading = await open(base, options);
  options.onProgress?.(1, reading.total);
  let todo = range(2, wanted(reading));
  for (let round = 0; round <= rounds; ) {
    requireBudget(reading, todo.length);
    const conditional = !reading.changed;
    try {
      await readAll(reading, todo);
      if (reading.failures.length > 0) return finish(reading);
      todo = misfits(reading);
    } catch (error) {
      if (!pageIsGone(error)) throw error;
      todo = [1];
    }
    if (todo.length === 0) return finish(reading);
    // What was found changed under way must be read in full once; only pages that do not fit count as a failed round.
    const isAgain = todo.some((page) => reading.answers[page]);
    if (isAgain && !(conditional && reading.changed)) round += 1;
  }
  const retryAt = Date.now() + tornRetryMs;
  const torn = new EsiError("torn", base.operation, "its pages do not fit together", { retryAt });
  if (options.leavesOutKnown) return incomplete(reading, torn);
  throw torn;
}

type PageInput<Id extends OperationId> = Caller & Target<Id> & PageOptions;

/**
 * All pages of an `x-pages` operation, of one moment: the same Last-Modified and number of pages on each. Either nothing has changed
 * since `etags`, or every row is there. Throws what a single call throws, and `torn` when the pages would not fit together.
 */
export function pages<Id extends OperationId>(operation: Id, input: PageInput<Id>): Promise<PageSet<RowOf<Id>[]>>;
export function pages<Page>(operation: OperationId, input: PageInput<OperationId>): Promise<PageSet<Page>>;
export async function pages(operation: OperationId, input: PageInput<OperationId>): Promise<PageSet<unknown>> {
  const { etags, lastModified, concurrency, onProgress, waitMs, isAppendOnly, leavesOutKnown, reachesKnown, ...rest } =
    input;
  const options = { etags, lastModified, concurrency, onProgress, waitMs, isAppendOnly, leavesOutKnown, reachesKnown };
  return readPages({ ...rest, operation }, options);
}
