import type { FetchContext, Fetched, Row, View } from "../../dataset/index.ts";
import type { OperationId } from "../../esi/index.ts";
import * as Esi from "../../esi/index.ts";

/** ESI's limit of ids a call. */
const batchLimit = 1000;
const hourMs = 3_600_000;

/** What ESI says of an item changes unseen, so each known one is asked for again once a day, spread over the hours. */
const isDue = (id: number, now: number) => id % 24 === Math.floor(now / hourMs) % 24;

interface AssetItems {
  /** Which of the assets are asked for, by item id. */
  choose: (assets: View) => number[];
  toRow: (answer: never) => Row & { item_id: number };
}

/** One row for each chosen asset, from a route that is asked by lists of item ids. */
export const byItemIds =
  (operation: OperationId, { choose, toRow }: AssetItems) =>
  async (context: FetchContext): Promise<Fetched> => {
    const [assets, previous] = await Promise.all([context.view("assets"), context.previous()]);
    const now = Date.now();
    const present = assets.derive(operation, choose);
    const asked = present.filter((id) => previous.find(id) < 0 || isDue(id, now));
    const known = present.filter((id) => previous.find(id) >= 0).map((id) => previous.row(previous.find(id)));
    const rows = new Map(known.map((row) => [row.item_id as number, row]));
    let cost = 0;
    for (let from = 0; from < asked.length; from += batchLimit) {
      const answer = await Esi.request(operation, {
        path: { corporation_id: context.corporationId },
        body: asked.slice(from, from + batchLimit),
        ...(context.accessToken ? { accessToken: context.accessToken } : {}),
        ...(context.characterId ? { characterId: context.characterId } : {}),
      });
      cost += answer.cost;
      for (const each of (answer.data ?? []) as never[]) {
        const row = toRow(each);
        rows.set(row.item_id, row);
      }
      context.progress(Math.min(asked.length, from + batchLimit), asked.length);
    }
    return { parts: [{ part: "", rows: [...rows.values()] }], staleAt: now + hourMs, cost };
  };
