import type { OperationId, Route } from "../../eve/esi/index.ts";
import { type EsiError, esiErrorOf, explain, routes } from "../../eve/esi/index.ts";
import {
  type Answered,
  askFeed,
  askHistory,
  askPages,
  askWhole,
  type FeedShape,
  type Target,
  type ToRows,
} from "./ask.ts";
import type { FetchContext, Fetched, Part, Row, Validator } from "./index.ts";
import { askNewestPages, type LedgerColumns } from "./newest-pages.ts";

const whole = "";

/** A route that the next spec paginates otherwise must not be half read: this fails where it is declared. */
export function expectPagination(operation: OperationId, pagination: Route["pagination"]): void {
  const { pagination: actual }: Route = routes[operation];
  if (actual === pagination) return;
  throw new Error(`${operation} is paginated by ${actual ?? "nothing"}, not by ${pagination ?? "nothing"}`);
}

const partOf = (part: string, { rows, pages, validator }: Answered): Part => ({
  part,
  ...(rows ? { rows } : {}),
  ...(pages ? { pages } : {}),
  ...(validator ? { validator } : {}),
});

const only = (answered: Answered, others?: string): Fetched => ({
  parts: [partOf(whole, answered)],
  staleAt: answered.staleAt,
  cost: answered.cost,
  ...(answered.failure ? lacking([answered.failure], others) : {}),
});

/** How an incomplete answer is reported. A ledger has its newest rows and lacks older ones. */
const lacking = (failures: readonly EsiError[], others = "Older entries"): Pick<Fetched, "failure" | "missing"> => {
  const [failure] = failures;
  if (!failure) return {};
  const why = `${others} could not be read yet. ${explain(failure)}`;
  return { failure, missing: { count: failures.length, why } };
};

/** One call that answers the whole dataset. */
export function single(operation: OperationId, toRows?: ToRows) {
  expectPagination(operation, undefined);
  return async (context: FetchContext): Promise<Fetched> =>
    only(await askWhole(operation, {}, context.validators[whole], context, toRows));
}

interface PagedOptions {
  query?: Target["query"];
  toRows?: ToRows;
}

/** All pages of an X-Pages route, as one consistent set. */
export function paged(operation: OperationId, { query, toRows }: PagedOptions = {}) {
  expectPagination(operation, "x-pages");
  return async (context: FetchContext): Promise<Fetched> =>
    only(await askPages(operation, query ? { query } : {}, context.validators[whole], context, toRows));
}

/** Feeds are read from their beginning this often: what ESI dropped without a word goes then. */
const wholeEveryMs = 24 * 3_600_000;

/**
 * A cursor route: only what is newer than the last walk is read; newer records replace older ones. What a walk has read
 * before it was cut short is taken over, and nothing goes for its sake. Only a first reading is whole or nothing: the
 * rest, which is old, would be told as new when it comes.
 */
export function cursor(operation: OperationId, shape: FeedShape & { query?: Target["query"] }) {
  expectPagination(operation, "cursor");
  const { query, idColumn } = shape;
  return async (context: FetchContext): Promise<Fetched> => {
    const now = Date.now();
    const { wholeAt = 0, ...known } = context.validators[whole] ?? { etags: [] };
    const isDue = now - wholeAt >= wholeEveryMs;
    const answered = await askFeed(operation, query ? { query } : {}, isDue ? undefined : known, context, shape);
    const { rows, isWhole, failure, validator = { etags: [] } } = answered;
    const before = isWhole ? [] : (await context.previous()).rows();
    if (failure && before.length === 0) throw failure;
    const after = validator.after ?? (failure ? known.after : undefined);
    return only(
      {
        ...answered,
        ...(rows ? { rows: isWhole ? rows : newest(before, rows, idColumn) } : {}),
        validator: { ...validator, ...(after === undefined ? {} : { after }), wholeAt: isWhole ? now : wholeAt },
      },
      "Some entries",
    );
  };
}

/** The rows of both lists, the later ones in place of earlier ones of the same name. */
const newest = (older: readonly Row[], newer: readonly Row[], idColumn: string): Row[] => [
  ...new Map([...older, ...newer].map((row) => [row[idColumn], row])).values(),
];

const walletDivisions = [1, 2, 3, 4, 5, 6, 7] as const;

interface DivisionAnswer extends Answered {
  division: number;
}

type AskDivision = (division: number, context: FetchContext) => Promise<Answered>;

/** Asks for these divisions. What was answered counts even if the rest failed; throws EsiError if nothing was. */
async function askDivisions(divisions: readonly number[], ask: AskDivision, context: FetchContext) {
  const results = await Promise.allSettled(
    divisions.map(async (division): Promise<DivisionAnswer> => ({ ...(await ask(division, context)), division })),
  );
  const answers = results.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const [failure] = results.flatMap((each) => (each.status === "rejected" ? [esiErrorOf(each.reason)] : []));
  if (failure && answers.length === 0) throw failure;
  return { answers, failure };
}

function divisionPart({ rows, validator, staleAt, division, failure }: DivisionAnswer, hasFailed: boolean): Part {
  // Pages of which some failed are all asked for again: they have no other mark of how far they were read.
  const isHeld = failure ? validator?.gaps !== undefined : hasFailed;
  const kept = isHeld ? { etags: [], ...validator, expiresAt: staleAt } : validator;
  return {
    part: String(division),
    ...(rows ? { rows: rows.map((row) => ({ ...row, division })) } : {}),
    ...(kept ? { validator: kept } : {}),
  };
}

/** One part for each of the seven wallet divisions; rows carry their `division`. */
const eachDivision =
  (ask: AskDivision) =>
  async (context: FetchContext): Promise<Fetched> => {
    const now = Date.now();
    const expiries = walletDivisions.map((division) => context.validators[division]?.expiresAt ?? 0);
    const due = walletDivisions.filter(
      (division, index) => (expiries[index] as number) <= now || context.validators[division]?.gaps?.length,
    );
    const { answers, failure } = await askDivisions(due, ask, context);
    const partly = answers.flatMap((answer) => answer.failure ?? []);
    const hasFailed = failure !== undefined || partly.length > 0;
    return {
      parts: answers.map((answer) => divisionPart(answer, hasFailed)),
      staleAt: Math.max(...expiries, ...answers.map((answer) => answer.staleAt)),
      cost: answers.reduce((sum, answer) => sum + answer.cost, 0),
      ...lacking(partly),
      ...(failure ? { failure } : {}),
    };
  };

/** Ledgers of several divisions are read whole an hour after each other. */
const laterMs = (division: number): number => division * 3_600_000;

/** What is new of a ledger that has pages. */
export function newestPages(operation: OperationId, columns: LedgerColumns) {
  expectPagination(operation, "x-pages");
  return async (context: FetchContext): Promise<Fetched> =>
    only(await askNewestPages(operation, {}, context.validators[whole], context, { columns }));
}

export function newestPagesByDivision(operation: OperationId, columns: LedgerColumns) {
  expectPagination(operation, "x-pages");
  return eachDivision((division, context) => {
    const asking = { columns, laterMs: laterMs(division) };
    return askNewestPages(operation, { path: { division } }, context.validators[division], context, asking);
  });
}

/** Walks back from the newest record until one that is stored already, or the end of what ESI keeps. */
function historyOf(operation: OperationId, idColumn: string) {
  expectPagination(operation, "from_id");
  return async (target: Target, known: Validator | undefined, context: FetchContext): Promise<Answered> => {
    const previous = await context.previous();
    const ids = previous.derive(`ids-${idColumn}`, (view) => new Set(view.columns[idColumn] as number[]));
    const until = (row: Row) => ids.has(row[idColumn] as number);
    return askHistory(operation, target, known, context, { idColumn, until });
  };
}

/** A `from_id` route of an owner that has one wallet. */
export function fromId(operation: OperationId, idColumn: string) {
  const ask = historyOf(operation, idColumn);
  return async (context: FetchContext): Promise<Fetched> => {
    const { validator = { etags: [] }, ...answered } = await ask({}, context.validators[whole], context);
    // While gaps are filled, the newest answer is not asked for again before it expires.
    const kept = answered.failure ? { ...validator, expiresAt: answered.staleAt } : validator;
    return only({ ...answered, validator: kept });
  };
}

export function fromIdByDivision(operation: OperationId, idColumn: string) {
  const ask = historyOf(operation, idColumn);
  return eachDivision((division, context) => ask({ path: { division } }, context.validators[division], context));
}
