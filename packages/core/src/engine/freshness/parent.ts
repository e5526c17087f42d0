import type { Owner } from "../../owner/index.ts";
import { type Dataset, followAt } from "../dataset/index.ts";
import { find, type State } from "../state/index.ts";

/*
 * A detail is refreshed when its list has changed or one of its own items has expired (docs/adr/0011). What is said of its
 * freshness therefore rests on both.
 */

/** The list of a detail. To be read before the detail is fetched, so that no change of the list goes unnoticed. */
export const parentState = async (owner: Owner, { detailOf }: Dataset): Promise<State | undefined> =>
  detailOf === undefined ? undefined : find(owner, detailOf);

const earlier = (one = 0, other = 0): number => Math.min(one, other);

const isBehind = (detail: State, list: State): boolean => detail.listVersion !== list.version;

/** From when a refresh may bring something newer, the list's own expiry aside: ESI's expiry, never a back-off of ours. */
export function refreshableAt(state: State | undefined, list: State | undefined): number {
  if (!state) return 0;
  return list && isBehind(state, list) ? earlier(state.staleAt, list.changedAt) : (state.staleAt ?? 0);
}

/** A detail as fresh as its list: while the list stays as it is, so does the detail, until an item of its own expires. */
export function withParentFreshness(detail: State, list: State | undefined): State {
  if (!list || detail.refreshedAt === undefined) return detail;
  if (isBehind(detail, list)) {
    const staleAt = refreshableAt(detail, list);
    return { ...detail, staleAt, ...(detail.failures > 0 ? {} : { nextAt: earlier(detail.nextAt, staleAt) }) };
  }
  return {
    ...detail,
    refreshedAt: Math.max(detail.refreshedAt, earlier(list.refreshedAt, detail.staleAt)),
    staleAt: earlier(detail.staleAt, list.staleAt),
    nextAt: earlier(detail.nextAt, list.nextAt),
  };
}

type States = ReadonlyMap<string, State>;

/** How a dataset stands beside the owner's others: a detail with its list, another with what it follows. */
export function standingOf(dataset: Dataset, states: States): State | undefined {
  const state = states.get(dataset.name);
  if (!state || dataset.detailOf !== undefined) {
    return state && withParentFreshness(state, states.get(dataset.detailOf ?? ""));
  }
  const at = state.refreshedAt === undefined ? undefined : followAt(dataset, state, states);
  if (at === undefined) return state;
  return {
    ...state,
    staleAt: earlier(state.staleAt, at),
    ...(state.failures > 0 ? {} : { nextAt: earlier(state.nextAt, at) }),
  };
}

/** From when a person may have a dataset refreshed: one that follows others at once when any of them has changed. */
export function requestableAt(dataset: Dataset, states: States): number {
  const state = states.get(dataset.name);
  if (dataset.detailOf !== undefined) return refreshableAt(state, states.get(dataset.detailOf));
  const isBehind = state !== undefined && followAt(dataset, state, states) !== undefined;
  return isBehind ? earlier(state.staleAt, state.refreshedAt) : refreshableAt(state, undefined);
}
