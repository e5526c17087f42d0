import * as Character from "../character/index.ts";
import * as Datasets from "../corporation/datasets/index.ts";
import * as Directors from "../corporation/directors.ts";
import { type Dataset, type FetchContext, type Fetched, isPublic, shapeOf } from "../dataset/index.ts";
import * as Db from "../db/index.ts";
import * as Esi from "../esi/index.ts";
import * as Log from "../log/index.ts";
import * as Realtime from "../realtime/index.ts";
import * as Snapshot from "../snapshot/index.ts";
import { loadView } from "../snapshot/load.ts";
import * as Token from "../token/index.ts";
import { type Failure, failureOf } from "./failure.ts";
import { idsOf } from "./ids.ts";
import { address } from "./ingest.ts";
import { judgePage } from "./judge.ts";
import { readLedger, recentMonths } from "./ledger.ts";
import type { State } from "./state.ts";
import * as Validators from "./validators.ts";

export interface Done {
  fetched: Fetched;
  validators: Validators.Validators;
  director?: Directors.DirectorState;
}

export type Result = { done: Done; failure?: undefined } | { done?: undefined; failure: Failure };

/** Longer fetches tell how far they are, this often. */
const progressEveryMs = 1_000;

function progressOf(state: State): FetchContext["progress"] {
  let toldAt = Date.now();
  return (done, total) => {
    const now = Date.now();
    if (now - toldAt >= progressEveryMs && done < total) {
      toldAt = now;
      Realtime.datasetProgress(state, done, total).catch((cause: unknown) => Log.warn("progress not told", { cause }));
    }
  };
}

function contextOf(
  state: State,
  dataset: Dataset,
  validators: Validators.Validators,
  interactive: boolean,
): FetchContext {
  const { corporationId } = state;
  // Not a moment old: what follows from a list would otherwise wait until the list changes once more.
  const view = (name: string) => {
    const other = Datasets.get(name);
    if (other.storage === "ledger") return readLedger(corporationId, other, recentMonths(other.windowMonths));
    return loadView(address(corporationId, other), shapeOf(other), "strong");
  };
  return {
    corporationId,
    interactive,
    validators,
    // Asked for by each detail that is given names, and the same for all: nobody else writes while this worker has the lease.
    previous: Db.lazy(() =>
      dataset.storage === "ledger"
        ? readLedger(corporationId, dataset, recentMonths(dataset.windowMonths))
        : Snapshot.read(address(corporationId, dataset), shapeOf(dataset)),
    ),
    view,
    ids: (kinds) => idsOf(new Set(kinds), view),
    progress: progressOf(state),
    accepts: (row) => dataset.row.safeParse(row).success,
    ...(dataset.storage === "ledger"
      ? { isLedger: true }
      : { judge: (page, parse) => judgePage(dataset, page, parse) }),
  };
}

/** Failures that another director may not have. */
const isDirectors = (error: unknown): boolean =>
  error instanceof Token.TokenDeadError ||
  (error instanceof Esi.EsiError && (error.kind === "forbidden" || error.kind === "unauthorized"));

const describeDirectorFailure = (error: unknown): { code: string; message: string } => {
  if (error instanceof Token.TokenDeadError) return { code: "token.dead", message: Token.explain(error.reason) };
  const kind = error instanceof Esi.EsiError ? error.kind : "forbidden";
  return kind === "unauthorized"
    ? { code: "esi.unauthorized", message: "ESI does not accept this director's token." }
    : {
        code: "esi.forbidden",
        message: "ESI says that this director lacks the in-game role, or has left the corporation.",
      };
};

const isUnauthorized = (error: unknown): boolean => error instanceof Esi.EsiError && error.kind === "unauthorized";

async function withDirector(
  dataset: Dataset,
  director: Directors.DirectorState,
  context: FetchContext,
): Promise<Fetched> {
  const { characterId } = director;
  const use = { characterId, purpose: "refresh", operation: dataset.operations[0] };
  const fetch = async () => {
    const { accessToken } = await Token.access(use);
    return dataset.fetch({ ...context, accessToken, characterId });
  };
  return fetch().catch(async (error: unknown) => {
    if (!isUnauthorized(error)) throw error;
    // Revoked while it was still valid by its date: the SSO knows whether the token lives.
    await Token.distrust({ characterId });
    return fetch();
  });
}

async function blame(state: State, director: Directors.DirectorState, error: unknown): Promise<void> {
  const reason = describeDirectorFailure(error);
  const { corporationId } = state;
  const failures = await Directors.recordFailure(corporationId, director, { ...reason, dataset: state.dataset });
  Log.warn("director failed", { director: director.characterId, failures, reason: reason.code });
  const died = error instanceof Token.TokenDeadError;
  if (died || failures === Directors.unhealthyAfter) {
    await Realtime.directorFailed({ corporationId, director, reason, tokenDied: died });
  }
  // A sold character leaves its user, and with it this corporation.
  if (died) await Character.afterDeath({ characterId: director.characterId, reason: error.reason });
}

/**
 * Fetches a dataset with the best director, and with the next one when it is the director's fault. A budget that is used
 * up also passes on to the next director; the earliest moment at which one may go on is kept.
 */
export async function attempt(state: State, dataset: Dataset, interactive: boolean): Promise<Result> {
  const [validators, all] = await Promise.all([
    Validators.load(state, dataset),
    isPublic(dataset) ? [] : Directors.load(state.corporationId),
  ]);
  const candidates = Directors.candidates(dataset, all, {
    now: Date.now(),
    last: state.directorId,
    byPerson: interactive,
  });
  const directorIds = candidates.map(({ characterId }) => characterId);
  const context = { ...contextOf(state, dataset, validators, interactive), directorIds };
  if (isPublic(dataset)) return fetchPublic(dataset, context, validators);
  let exhausted: Failure | undefined;
  for (const director of candidates) {
    try {
      return { done: { fetched: await withDirector(dataset, director, context), validators, director } };
    } catch (error) {
      if (isDirectors(error)) {
        await blame(state, director, error);
        continue;
      }
      const failure = failureOf(error);
      if (!failure) throw error;
      if (failure.code !== "esi.rate_limited") return { failure };
      if (!exhausted || (failure.retryAt ?? 0) < (exhausted.retryAt ?? 0)) exhausted = failure;
    }
  }
  if (exhausted) return { failure: exhausted };
  const now = await Directors.load(state.corporationId);
  return { failure: { ...Directors.whyBlocked(dataset, now), blocked: true } };
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
