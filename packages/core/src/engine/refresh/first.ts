import type { Owner } from "../../owner/index.ts";
import * as Snapshot from "../../snapshot/index.ts";
import { type Dataset, type Fetched, type Row, shapeOf } from "../dataset/index.ts";
import { lease, type Registration } from "../state/index.ts";
import { sweepIfGone } from "./orphans.ts";
import { settle } from "./settle.ts";

/** What a public route says of an owner of which nothing is stored yet, for a person who waits. Throws EsiError. */
export function fetchFirst(owner: Owner, dataset: Dataset): Promise<Fetched> {
  const nothing = () => Promise.resolve(Snapshot.View.empty(shapeOf(dataset)));
  return dataset.fetch({
    owner,
    interactive: true,
    validators: {},
    previous: nothing,
    view: nothing,
    ids: () => Promise.resolve(new Set<number>()),
    progress: () => {},
    accepts: (row: Row) => dataset.row.safeParse(row).success,
  });
}

/**
 * Makes it the dataset's first version: to read it again before it expires would be too early. Of an owner that is
 * removed meanwhile nothing stays.
 */
export async function keepFirst(
  registration: Registration,
  dataset: Dataset,
  fetched: Fetched,
  retentionDays: number,
): Promise<void> {
  const state = await lease(registration, dataset.name, Date.now());
  if (!state) return;
  try {
    await settle(state, dataset, { fetched, validators: {}, retentionDays });
  } catch (error) {
    if (!(await sweepIfGone(state, registration))) throw error;
  }
}
