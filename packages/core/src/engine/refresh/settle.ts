import type { EsiError } from "../../eve/esi/index.ts";
import * as Log from "../../platform/log/index.ts";
import { allSettled } from "../../platform/parallel/index.ts";
import { type Dataset, type Fetched, hasNews, type Part, type Validator } from "../dataset/index.ts";
import { finish, type Outcome, type State } from "../state/index.ts";
import * as Validators from "../state/validators.ts";
import { type Failure, ofEsi } from "./failure.ts";
import { type Ingested, ingest, type Summary, summarise } from "./ingest.ts";
import type { Done } from "./outcome.ts";

const minuteMs = 60_000;
/** Back-off after a failure: doubles from one minute to an hour, with jitter so that failures do not march in step. */
function backOffMs(failures: number): number {
  const base = Math.min(60 * minuteMs, minuteMs * 2 ** Math.min(failures, 10));
  return base / 2 + Math.random() * (base / 2);
}
/** A blocked dataset is looked at again this often; a fetcher who works again unblocks it sooner. */
const blockedRetryMs = 15 * minuteMs;

export interface Settled {
  state: State;
  summary: Summary;
}

const keptOutcome = ({ owner, dataset, fence, since, leaseUntil, ...outcome }: State): Outcome => outcome;

function withoutError(outcome: Outcome): Outcome {
  const {
    errorCode,
    errorMessage,
    errorAt,
    errorSince,
    errorTimes,
    blocked,
    doubtSince,
    setAside,
    setAsideReason,
    hasMore,
    missing,
    missingWhy,
    ...rest
  } = outcome;
  return rest;
}

/**
 * Whether a part's answer may be spoken for by its validator. One that was not believed, or of which a row was set aside,
 * is asked anew the next time: a feed would otherwise walk on past that row. Details are spoken for item by item.
 */
const isValidatorKept = ({ validator }: Part, { doubtful, summary }: Ingested): boolean =>
  !doubtful && (summary.setAside === 0 || validator?.items !== undefined);

/** What stays known of a part: nothing new of one that is not vouched for, but when it may be asked again. */
function nextValidator(known: Validator | undefined, part: Part, ingested: Ingested): Validator | undefined {
  const { validator } = part;
  if (!validator || isValidatorKept(part, ingested)) return validator;
  const { expiresAt, gaps } = validator;
  if (expiresAt === undefined && gaps === undefined) return undefined;
  const { expiresAt: _, ...before } = known ?? { etags: [] };
  return {
    ...before,
    // What was read beside the row that was set aside is stored: the gaps are what is left.
    ...(gaps ? { gaps, etags: [] } : {}),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

/** Validators of parts that were not asked stay. */
const nextValidators = (
  known: Validators.Validators,
  { parts }: Fetched,
  ingested: Ingested,
): Validators.Validators => ({
  ...known,
  ...Object.fromEntries(
    parts.flatMap((part) => {
      const next = nextValidator(known[part.part], part, ingested);
      return next ? [[part.part, next]] : [];
    }),
  ),
});

/** A fetch to be written. */
export interface Settling extends Done {
  /** How long what it changes is to be remembered. */
  retentionDays: number;
  /** The version of what it follows, from before it was fetched. */
  listVersion?: number | undefined;
}

const followed = ({ listVersion }: Settling) => (listVersion === undefined ? {} : { listVersion });

const emptySummary = (total: number): Summary => ({ added: 0, removed: 0, changed: 0, total, setAside: 0 });

async function write(state: State, dataset: Dataset, { fetched, retentionDays }: Settling): Promise<Ingested> {
  if (!fetched.parts.some(hasNews)) return { summary: emptySummary(state.rows), doubtful: false };
  return ingest(state.owner, dataset, fetched, {
    fence: state.fence,
    since: state.since,
    retentionDays,
    confirmed: state.doubtSince !== undefined,
  });
}

function failed(state: State, failure: Failure, now: number) {
  const failures = state.failures + 1;
  const goesOn = state.errorCode === failure.code;
  const wait = failure.blocked ? blockedRetryMs : backOffMs(failures);
  Log.warn("refresh failed", { code: failure.code, failures });
  return {
    failures,
    blocked: failure.blocked,
    errorCode: failure.code,
    errorMessage: failure.message.slice(0, 300),
    errorAt: now,
    errorSince: (goesOn ? state.errorSince : undefined) ?? now,
    errorTimes: (goesOn ? (state.errorTimes ?? 1) : 0) + 1,
    // What is malformed and expires at once is not asked for at once: it backs off as any failure does.
    nextAt:
      failure.code === "esi.malformed" ? Math.max(failure.retryAt ?? 0, now + wait) : (failure.retryAt ?? now + wait),
  };
}

/** Some parts are as old as before, and are tried again soon; so the dataset is no fresher than it was. */
const partlyFailed = (state: State, error: EsiError, now: number) => ({
  refreshedAt: state.refreshedAt,
  staleAt: state.staleAt,
  ...failed(state, ofEsi(error), now),
});

/**
 * Writes what was fetched: first the rows, then the freshness, which also frees the lease, and beside it the validators.
 * Those name the version that they speak for, so whichever of the two a crash leaves out, the next refresh asks for
 * everything anew and loses nothing.
 */
export async function settle(state: State, dataset: Dataset, done: Settling): Promise<Settled> {
  const ingested = await write(state, dataset, done);
  const { doubtful } = ingested;
  const { summary, version, ...months } = summarise(state, dataset, ingested);
  const changed = version !== state.version;
  const now = Date.now();
  const validators = nextValidators(done.validators, done.fetched, ingested);
  const saving =
    changed || JSON.stringify(validators) !== JSON.stringify(done.validators)
      ? Validators.save(state, dataset, version, validators)
      : undefined;
  const earliest = now + (dataset.minIntervalSeconds ?? 0) * 1000;
  const finishing = finish(state, {
    ...withoutError(keptOutcome(state)),
    version,
    rows: summary.total,
    refreshedAt: now,
    staleAt: done.fetched.staleAt,
    nextAt: Math.max(done.fetched.staleAt, earliest),
    tokens: done.fetched.cost,
    failures: 0,
    ...(done.fetched.failure ? partlyFailed(state, done.fetched.failure, now) : {}),
    ...(changed ? { changedAt: now } : {}),
    ...(done.fetcher ? { fetcherId: done.fetcher.characterId, fetcherName: done.fetcher.name } : {}),
    // What was not believed has not followed its list: it is due at once.
    ...(doubtful ? { doubtSince: now } : followed(done)),
    ...(done.fetched.hasMore ? { hasMore: true } : {}),
    ...(done.fetched.missing ? { missing: done.fetched.missing.count, missingWhy: done.fetched.missing.why } : {}),
    ...(summary.setAside ? { setAside: summary.setAside } : {}),
    ...(summary.setAsideReason === undefined ? {} : { setAsideReason: summary.setAsideReason }),
    ...months,
  });
  // Both have ended before anybody takes away what a worker has written in vain.
  await allSettled([finishing, ...(saving ? [saving] : [])]);
  const next = await finishing;
  if (doubtful)
    Log.warn("answer was suspiciously small: nothing removed until the next one confirms it", { rows: summary.total });
  return { state: next, summary };
}

/** Keeps what is stored, says why it is not newer, and when the next try comes. */
export async function settleFailure(state: State, failure: Failure): Promise<Settled> {
  const next = await finish(state, { ...keptOutcome(state), ...failed(state, failure, Date.now()) });
  return { state: next, summary: emptySummary(next.rows) };
}
