import type { OperationId } from "../../eve/esi/index.ts";
import * as Esi from "../../eve/esi/index.ts";
import { askInBatches, type Found, isDue, unanswered } from "../../eve/lookup/index.ts";
import { pathOf } from "../../owner/index.ts";
import type { FetchContext, Fetched, ItemState, Row, View } from "../dataset/index.ts";

/** Calls that ESI may refuse in one refresh (5 tokens each of 1,800) on the way to the items that it does not take. */
const maxRefusals = 30;
/** What was not reached follows after this time. */
const leftoverMs = 2 * 60_000;
/** A name is given, and a thing moves, unseen in the list: all of them are asked for again this often. */
export const assetRereadSeconds = 24 * 3600;
const wholeEveryMs = assetRereadSeconds * 1000;

type Memory = Readonly<Record<string, ItemState>>;

interface AssetItems<Answer> {
  /** Which of the assets are asked for, by item id. */
  choose: (assets: View) => number[];
  /** Whether an entry of the answer is whole. */
  isWhole: (answer: Partial<Answer>) => boolean;
  /** `asset` is the item as the list has it. */
  toRow: (answer: Answer, asset: Row) => Row;
  /** Whether the list still says of the item what it said when the row was read. Absent: nothing in it tells. */
  isCurrent?: (row: Row, asset: Row) => boolean;
}

const call = (context: FetchContext, ids: number[]) => ({
  path: pathOf(context.owner),
  body: ids,
  interactive: context.interactive,
  ...(context.accessToken ? { accessToken: context.accessToken } : {}),
  ...(context.characterId ? { characterId: context.characterId } : {}),
});

interface Asking<Answer> {
  operation: OperationId;
  ids: number[];
  context: FetchContext;
  isWhole: AssetItems<Answer>["isWhole"];
}

async function lookUp<Answer extends { item_id: number }>({ operation, ids, context, isWhole }: Asking<Answer>) {
  let refusals = 0;
  const found = await askInBatches<Answer>(ids, {
    operation,
    ask: (body) => Esi.request(operation, call(context, body)),
    idOf: (answer) => (isWhole(answer) ? answer.item_id : undefined),
    mayRisk: () => refusals < maxRefusals,
    onRefusal: () => {
      refusals += 1;
    },
    progress: context.progress,
  });
  return { ...found, refusals };
}

/** What is remembered of the items that are there and were not answered. An answer clears what was held against an item. */
function remembered(known: Memory, present: readonly number[], found: Found<unknown>): Memory {
  const memory: Record<string, ItemState> = {};
  for (const id of present) {
    const state = known[id];
    if (state && !found.answers.has(id)) memory[id] = state;
  }
  for (const id of found.refused) memory[id] = unanswered(known[id], true);
  for (const id of found.failed) memory[id] = unanswered(known[id], false);
  return memory;
}

function nextAt(found: Found<unknown>, memory: Memory, wholeAt: number, now: number): number {
  if (found.isUnfinished) return Math.max(found.error?.retryAt ?? 0, now + leftoverMs);
  const again = Object.values(memory).map(({ expiresAt }) => expiresAt * 1000);
  return Math.max(Math.min(wholeAt + wholeEveryMs, ...again), now + leftoverMs);
}

/** The route itself is refused, and no single item: nothing was ever answered, and nothing is now. */
const isRouteRefused = ({ answers, refusals }: Found<unknown> & { refusals: number }, previous: View): boolean =>
  answers.size === 0 && previous.length === 0 && refusals >= maxRefusals;

/**
 * One row for each chosen asset, from a route that is asked by lists of item ids. New items, and those of which the list
 * says something else, are asked for at once, all of them once a day; those that ESI refuses keep what is known of them, are remembered, and do not keep it from the others.
 */
export const byItemIds =
  <Answer extends { item_id: number }>(operation: OperationId, items: AssetItems<Answer>) =>
  async (context: FetchContext): Promise<Fetched> => {
    const [assets, previous] = await Promise.all([context.view("assets"), context.previous()]);
    const { choose, isWhole, toRow, isCurrent } = items;
    const now = Date.now();
    const { items: known = {}, wholeAt = 0 } = context.validators[""] ?? {};
    const present = assets.derive(operation, choose);
    const isAllDue = now - wholeAt >= wholeEveryMs;
    const assetOf = (id: number) => assets.row(assets.find(id));
    const isRead = (id: number) => {
      const at = previous.find(id);
      return at >= 0 && (isCurrent?.(previous.row(at), assetOf(id)) ?? true);
    };
    const wanted = present.filter((id) => isDue(known[id], now) && (isAllDue || !isRead(id)));
    const found = await lookUp({ operation, ids: wanted, context, isWhole });
    if (isRouteRefused(found, previous)) {
      throw new Esi.EsiError("bad_request", operation, "every list of items is refused");
    }
    const memory = remembered(known, present, found);
    const rows = present.flatMap((id) => {
      const answer = found.answers.get(id);
      if (answer) return [toRow(answer, assetOf(id))];
      const at = previous.find(id);
      return at < 0 ? [] : [previous.row(at)];
    });
    const isChanged = found.answers.size > 0 || rows.length !== previous.length;
    const whole = isAllDue && !found.isUnfinished ? now : wholeAt;
    const missing = present.length - rows.length;
    return {
      parts: [{ part: "", ...(isChanged ? { rows } : {}), validator: { etags: [], wholeAt: whole, items: memory } }],
      staleAt: nextAt(found, memory, whole, now),
      cost: found.cost,
      ...(found.isUnfinished && found.error ? { failure: found.error } : {}),
      ...(missing > 0 ? { missing: { count: missing, why: whyMissing(found, memory) } } : {}),
    };
  };

function whyMissing({ isUnfinished }: Found<unknown>, memory: Memory): string {
  const refused = Object.values(memory).filter((state) => state.refused).length;
  const rest = isUnfinished ? "The search for items that ESI refuses goes on in a few minutes." : "";
  return [refused > 0 ? `ESI refuses ${refused} of the items; each is asked for again after a day or more.` : "", rest]
    .filter(Boolean)
    .join(" ");
}
