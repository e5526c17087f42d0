import type { FetchContext, Fetched, Row, View } from "../../dataset/index.ts";
import type { OperationId } from "../../esi/index.ts";
import * as Esi from "../../esi/index.ts";

/** ESI's limit of ids a call. */
const batchLimit = 1000;
/** Calls that ESI may refuse in one refresh (5 tokens each) on the way to the items that are gone. */
const patience = 20;
const hourMs = 3_600_000;

/** What ESI says of an item changes unseen, so each known one is asked for again once a day, spread over the hours. */
const hourOf = (id: number) => id % 24;
const hourAt = (ms: number) => Math.floor(ms / hourMs) % 24;

/** When the next hour begins in which one of these items is asked for again. */
function nextHourOf(ids: readonly number[], now: number): number {
  const hours = new Set(ids.map(hourOf));
  const later = Array.from({ length: 24 }, (_, index) => (Math.floor(now / hourMs) + 1 + index) * hourMs);
  return later.find((at) => hours.has(hourAt(at))) ?? now + 24 * hourMs;
}

interface AssetItems {
  /** Which of the assets are asked for, by item id. */
  choose: (assets: View) => number[];
  toRow: (answer: never) => Row & { item_id: number };
}

interface Round {
  take: (data: unknown[]) => void;
  cost: number;
  refusals: number;
  done: number;
}

const call = (context: FetchContext, ids: number[]) => ({
  path: { corporation_id: context.corporationId },
  body: ids,
  interactive: context.interactive,
  ...(context.accessToken ? { accessToken: context.accessToken } : {}),
  ...(context.characterId ? { characterId: context.characterId } : {}),
});

/** One item that was lost since the assets were read makes ESI refuse the whole list: halve until it stands alone. */
async function ask(operation: OperationId, ids: number[], context: FetchContext, round: Round): Promise<void> {
  if (round.refusals >= patience) return;
  try {
    const answer = await Esi.request(operation, call(context, ids));
    round.cost += answer.cost;
    round.done += ids.length;
    round.take((answer.data ?? []) as unknown[]);
  } catch (error) {
    if (!(error instanceof Esi.EsiError) || error.kind !== "not_found") throw error;
    round.refusals += 1;
    if (ids.length === 1) return;
    const middle = Math.ceil(ids.length / 2);
    await ask(operation, ids.slice(0, middle), context, round);
    await ask(operation, ids.slice(middle), context, round);
  }
}

/** One row for each chosen asset, from a route that is asked by lists of item ids. */
export const byItemIds =
  (operation: OperationId, { choose, toRow }: AssetItems) =>
  async (context: FetchContext): Promise<Fetched> => {
    const [assets, previous] = await Promise.all([context.view("assets"), context.previous()]);
    const now = Date.now();
    const present = assets.derive(operation, choose);
    const asked = present.filter((id) => previous.find(id) < 0 || hourOf(id) === hourAt(now));
    const known = present.filter((id) => previous.find(id) >= 0).map((id) => previous.row(previous.find(id)));
    const rows = new Map(known.map((row) => [row.item_id as number, row]));
    const take = (data: unknown[]) => {
      for (const row of data.map((each) => toRow(each as never))) rows.set(row.item_id, row);
      context.progress(round.done, asked.length);
    };
    const round: Round = { take, cost: 0, refusals: 0, done: 0 };
    for (let from = 0; from < asked.length; from += batchLimit) {
      await ask(operation, asked.slice(from, from + batchLimit), context, round);
    }
    const isCutShort = round.refusals >= patience;
    return {
      parts: [{ part: "", rows: [...rows.values()] }],
      staleAt: isCutShort ? now + hourMs : nextHourOf(present, now),
      cost: round.cost,
    };
  };
