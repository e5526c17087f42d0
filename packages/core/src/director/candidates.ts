import { type Dataset, isPublic, rateGroupOf, rolesOf, scopesOf } from "../engine/dataset/index.ts";
import type { Turn } from "../engine/kind/index.ts";
import * as Esi from "../eve/esi/index.ts";
import { isHealthy, refusalOf, refusedUntil, retryAfterMs } from "./health.ts";
import type { DirectorState } from "./rows.ts";

/** Scope that reads a director's in-game roles. */
export const rolesScope = "esi-characters.read_corporation_roles.v1";

/** Whether a character with these roles and scopes can fetch a dataset. The role Director includes every other. */
export function canFetch(dataset: Dataset, holder: { roles: readonly string[]; scopes: readonly string[] }): boolean {
  if (isPublic(dataset)) return true;
  const needed = rolesOf(dataset);
  const hasRole =
    needed.length === 0 || holder.roles.includes("Director") || needed.some((role) => holder.roles.includes(role));
  return hasRole && scopesOf(dataset).every((scope) => holder.scopes.includes(scope));
}

const isReady = (director: DirectorState, dataset: Dataset, now: number) =>
  (isHealthy(director) || now - (director.error?.at ?? 0) >= retryAfterMs) &&
  refusedUntil(director, dataset.name) <= now;

/** Tokens left in the bucket that the dataset draws on; infinite if it draws on none. */
function budgetLeft(director: DirectorState, dataset: Dataset): number {
  const group = rateGroupOf(dataset);
  if (!group) return Number.POSITIVE_INFINITY;
  Esi.Budget.restore(director.characterId, director.buckets);
  return Esi.Budget.remaining(group, director.characterId);
}

/**
 * The directors who can fetch a dataset, best first: healthy ones, then those due for another try. Within these, where
 * directors take turns, the one after `last`; else by priority, fullest bucket, and least recent use.
 *
 * @example candidates(wallets, await load(corporationId), { now: Date.now() })[0] // who fetches
 */
export function candidates(
  dataset: Dataset,
  all: readonly DirectorState[],
  { now, last, byPerson = false }: Turn,
): DirectorState[] {
  const ready = (director: DirectorState) => isReady(director, dataset, now);
  // Turns follow ascending ids: ids after the last one come first.
  const isNextTurn = ({ characterId }: DirectorState) => Number(characterId <= (last ?? 0));
  const byTurn = (a: DirectorState, b: DirectorState) => isNextTurn(a) - isNextTurn(b) || a.characterId - b.characterId;
  return all
    .filter((director) => canFetch(dataset, director) && (byPerson || ready(director)))
    .map((director) => ({ director, left: budgetLeft(director, dataset) }))
    .sort(
      (a, b) =>
        Number(ready(b.director)) - Number(ready(a.director)) ||
        Number(isHealthy(b.director)) - Number(isHealthy(a.director)) ||
        (dataset.takesTurns ? byTurn(a.director, b.director) : 0) ||
        a.director.priority - b.director.priority ||
        b.left - a.left ||
        a.director.lastUsedAt - b.director.lastUsedAt,
    )
    .map(({ director }) => director);
}

/** Why no director can fetch a dataset: a code `director.*`, and a sentence that says what to do. */
export function whyBlocked(dataset: Dataset, all: readonly DirectorState[]): { code: string; message: string } {
  if (all.length === 0) {
    return { code: "director.none", message: "No director is linked. Ask a director to add the corporation." };
  }
  const scoped = all.filter((director) => scopesOf(dataset).every((scope) => director.scopes.includes(scope)));
  if (scoped.length === 0) {
    return {
      code: "director.scope_missing",
      message:
        "No director granted the scope for this. A director has to add the corporation again and accept all scopes.",
    };
  }
  if (!scoped.some((director) => canFetch(dataset, director))) {
    const roles = rolesOf(dataset)
      .map((role) => role.replaceAll("_", " "))
      .join(" or ");
    return { code: "director.role_missing", message: `No linked director holds the in-game role ${roles}.` };
  }
  return { code: "director.unhealthy", message: whyUnhealthy(dataset, scoped) };
}

function whyUnhealthy(dataset: Dataset, scoped: readonly DirectorState[]): string {
  // Another dataset's success removes the director's last error, but not the refusal of this dataset.
  const failedAt = (director: DirectorState) =>
    Math.max(refusalOf(director, dataset.name)?.at ?? 0, director.error?.at ?? 0);
  const [last] = scoped.filter((director) => failedAt(director) > 0).sort((a, b) => failedAt(b) - failedAt(a));
  if (!last) return "Every director who could fetch this failed several times in a row.";
  const why = refusalOf(last, dataset.name)?.message ?? last.error?.message;
  return `Every director who could fetch this was refused, ${last.name} most recently${why ? `: ${why}` : "."}`;
}
