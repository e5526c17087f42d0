import type { OperationId } from "../../eve/esi/index.ts";
import * as Esi from "../../eve/esi/index.ts";
import { type Answered, call, type Target } from "./ask.ts";
import type { FetchContext, Newest, Row, Validator } from "./index.ts";

/*
 * ESI hands a ledger out newest first, page by page, as far back as its window. New entries are on the first pages: those
 * are read until one goes back to what is known. The window slides, so the last page is another one each time although
 * nothing is new: it is not asked for. Whether entries are known is told by their ids and dates, never by where they stand.
 */

/** The columns that name an entry and say when it was made. */
export interface LedgerColumns {
  id: string;
  date: string;
}

/** What is late, or was corrected, stands among what is known: all pages are read this often. */
const wholeEveryMs = 24 * 3_600_000;

/** The extremes of a page's entries. */
interface Span {
  newest: Newest;
  oldest: Newest;
}

/** Undefined for a malformed row: the schema sets it aside, and it says nothing here. */
function entryOf(row: Row | null, columns: LedgerColumns): Newest | undefined {
  const id = row?.[columns.id];
  const at = Date.parse(String(row?.[columns.date]));
  return typeof id === "number" && Number.isFinite(at) ? { id, at } : undefined;
}

const older = (one: Newest, other: Newest): Newest => ({
  id: Math.min(one.id, other.id),
  at: Math.min(one.at, other.at),
});
const newer = (one: Newest, other: Newest): Newest => ({
  id: Math.max(one.id, other.id),
  at: Math.max(one.at, other.at),
});

function spanOf(page: readonly Row[], columns: LedgerColumns): Span[] {
  let span: Span | undefined;
  for (const row of page) {
    const entry = entryOf(row, columns);
    if (!entry) continue;
    span = span
      ? { newest: newer(span.newest, entry), oldest: older(span.oldest, entry) }
      : { newest: entry, oldest: entry };
  }
  return span ? [span] : [];
}

/** By ids or by dates: of two entries of one moment either may stand first. */
const isInOrder = (spans: readonly Span[]): boolean =>
  spans.every((span, at) => {
    const before = spans[at - 1]?.oldest;
    return !before || before.id >= span.newest.id || before.at >= span.newest.at;
  });

/** How far the ledger has been read now. Undefined unless the newest entries are on the first page. */
function newestOf(set: Esi.PageSet<Row[]>, known: Newest | undefined, columns: LedgerColumns): Newest | undefined {
  const { pages = [], numbers = [] } = set;
  const isFirstKnown = known !== undefined && numbers[0] !== 1;
  const front = isFirstKnown ? [{ newest: known, oldest: known }] : [];
  const spans = [...front, ...pages.flatMap((page) => spanOf(page, columns))];
  const first = spans[0]?.newest;
  if (!first || !isInOrder(spans)) return spans.length === 0 ? known : undefined;
  return known ? newer(known, first) : first;
}

interface Asking {
  columns: LedgerColumns;
  /** Adds to the time after which all pages are read: parts that were first read together take turns from then on. */
  laterMs?: number;
}

/** What is new of a paged ledger; everything where nothing is known of it, or is not known to be in order. */
export async function askNewestPages(
  operation: OperationId,
  target: Target,
  known: Validator | undefined,
  context: FetchContext,
  { columns, laterMs = 0 }: Asking,
): Promise<Answered> {
  const now = Date.now();
  const { newest, wholeAt, etags = [] } = known ?? {};
  const isWholeDue = wholeAt === undefined || now - wholeAt >= wholeEveryMs + laterMs;
  const isKnown = (row: Row) => {
    const entry = entryOf(row, columns);
    return newest !== undefined && entry !== undefined && entry.id <= newest.id && entry.at <= newest.at;
  };
  const set = await Esi.pages<Row[]>(operation, {
    ...call(context, target),
    // Tags of an earlier release, or of a reading that was cut short, stand for rows that may not be stored.
    etags: wholeAt === undefined ? [] : etags,
    onProgress: context.progress,
    isAppendOnly: true,
    leavesOutKnown: true,
    ...(isWholeDue || !newest ? {} : { reachesKnown: (page: unknown) => (page as Row[]).some(isKnown) }),
  });
  const rows = set.pages?.flat();
  const answered = { ...(rows ? { rows } : {}), staleAt: set.expiresAt, cost: set.cost };
  // What was read is stored. The next time all of it is asked for again, from the newest entry down to what is known.
  if (set.failure) return { ...answered, failure: set.failure, validator: asBefore(known) };
  const reached = newestOf(set, newest, columns);
  // An empty list may be an outage's: the next one confirms it.
  const isBelieved = rows === undefined || rows.length > 0;
  return {
    ...answered,
    validator: {
      etags: set.etags,
      wholeAt: isWholeDue ? (isBelieved && now) || 0 : wholeAt,
      ...(reached ? { newest: reached } : {}),
    },
  };
}

function asBefore(known: Validator | undefined): Validator {
  const { expiresAt: _, isOutdated: __, ...rest } = known ?? { etags: [] };
  return rest;
}
