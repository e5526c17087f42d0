import * as Esi from "../../eve/esi/index.ts";
import * as Db from "../../platform/db/index.ts";
import * as Log from "../../platform/log/index.ts";
import * as Snapshot from "../../snapshot/index.ts";
import { address, readLedger, recentMonths } from "../collection/index.ts";
import { type Dataset, type FetchContext, type Fetched, isPublic, shapeOf } from "../dataset/index.ts";
import { datasetsOf, type Fetcher, kindOf, TokenRefusedError } from "../kind/index.ts";
import type { State } from "../state/index.ts";
import * as Validators from "../state/validators.ts";
import { announceProgress } from "./announce.ts";
import { type Failure, failureOf } from "./failure.ts";
import { idsOf } from "./ids.ts";
import type { Result } from "./outcome.ts";
import { validatePage } from "./validate.ts";

/** Longer fetches tell how far they are, this often. */
const progressEveryMs = 1_000;

function progressOf(state: State): FetchContext["progress"] {
  let toldAt = Date.now();
  return (done, total) => {
    const now = Date.now();
    if (now - toldAt >= progressEveryMs && done < total) {
      toldAt = now;
      announceProgress(state, done, total).catch((cause: unknown) => Log.warn("progress not announced", { cause }));
    }
  };
}

function contextOf(
  state: State,
  dataset: Dataset,
  validators: Validators.Validators,
  interactive: boolean,
): FetchContext {
  const { owner } = state;
  const datasets = datasetsOf(owner);
  // Not a moment old: what follows from a list would otherwise wait until the list changes once more.
  const view = (name: string) => {
    const other = datasets.get(name);
    if (other.storage === "ledger") return readLedger(owner, other, recentMonths(other.windowMonths));
    return Snapshot.loadView(address(owner, other), shapeOf(other), "strong");
  };
  return {
    owner,
    interactive,
    validators,
    // Asked for by each detail that is given names, and the same for all: nobody else writes while this worker has the lease.
    previous: Db.lazy(() =>
      dataset.storage === "ledger"
        ? readLedger(owner, dataset, recentMonths(dataset.windowMonths))
        : Snapshot.read(address(owner, dataset), shapeOf(dataset)),
    ),
    view,
    ids: (kinds) => idsOf(datasets.datasets, new Set(kinds), view),
    progress: progressOf(state),
    accepts: (row) => dataset.row.safeParse(row).success,
    ...(dataset.storage === "ledger"
      ? { isLedger: true }
      : { validatePage: (page, parse) => validatePage(dataset, page, parse) }),
  };
}

const isUnauthorized = (error: unknown): boolean => error instanceof Esi.EsiError && error.kind === "unauthorized";

/** Failures that another fetcher may not have. */
const isFetchers = (error: unknown): boolean =>
  error instanceof TokenRefusedError ||
  isUnauthorized(error) ||
  (error instanceof Esi.EsiError && error.kind === "forbidden");

async function fetchWith(fetcher: Fetcher, dataset: Dataset, context: FetchContext): Promise<Fetched> {
  const { characterId } = fetcher;
  const fetch = async () => dataset.fetch({ ...context, accessToken: await fetcher.accessToken(), characterId });
  return fetch().catch(async (error: unknown) => {
    if (!isUnauthorized(error)) throw error;
    // Revoked while it was still valid by its date: the SSO knows whether the token lives.
    await fetcher.expireAccessToken();
    return fetch();
  });
}

/**
 * Fetches a dataset with the best fetcher, and with the next one when it is the fetcher's fault. A budget that is used up
 * also passes on to the next fetcher; the earliest moment at which one may go on is kept.
 */
export async function attempt(state: State, dataset: Dataset, interactive: boolean): Promise<Result> {
  const { owner } = state;
  const { fetchers: choose, whyBlocked } = kindOf(owner);
  const turn = { now: Date.now(), last: state.fetcherId, byPerson: interactive };
  const [validators, fetchers] = await Promise.all([
    Validators.load(state, dataset),
    isPublic(dataset) ? [] : choose(owner, dataset, turn),
  ]);
  const fetcherIds = fetchers.map(({ characterId }) => characterId);
  const context = { ...contextOf(state, dataset, validators, interactive), fetcherIds };
  if (isPublic(dataset)) return fetchPublic(dataset, context, validators);
  let exhausted: Failure | undefined;
  for (const fetcher of fetchers) {
    try {
      return { done: { fetched: await fetchWith(fetcher, dataset, context), validators, fetcher } };
    } catch (error) {
      if (isFetchers(error)) {
        await fetcher.recordFailure(error);
        continue;
      }
      const failure = failureOf(error);
      if (!failure) throw error;
      if (failure.code !== "esi.rate_limited") return { failure };
      if (!exhausted || (failure.retryAt ?? 0) < (exhausted.retryAt ?? 0)) exhausted = failure;
    }
  }
  if (exhausted) return { failure: exhausted };
  return { failure: { ...(await whyBlocked(owner, dataset)), blocked: true } };
}

async function fetchPublic(
  dataset: Dataset,
  context: FetchContext,
  validators: Validators.Validators,
): Promise<Result> {
  try {
    return { done: { fetched: await dataset.fetch(context), validators } };
  } catch (error) {
    const failure = failureOf(error);
    if (!failure) throw error;
    return { failure };
  }
}
