import { Budget, type Route, routes } from "../../eve/esi/index.ts";
import type { Catalogue } from "../catalogue/index.ts";
import { type Dataset, rateGroupOf } from "../dataset/index.ts";
import type { Payer } from "../kind/index.ts";
import { byDataset, type DatasetStatus, type Decision, type Due } from "./plan.ts";

/** What a first refresh is reckoned at; no one knows yet how many pages there are. */
const unknownTokens = 2;
/** Below this part of one bucket any fetcher can pay for the group: buckets are not read. */
const easy = 0.5;
/** Nothing is put off for less than a round. */
const shortestDeferralMs = 60_000;

const full = new WeakMap<Dataset, Budget.Entry>();

/** The bucket that a dataset draws on as the spec promises it, with nothing spent. */
function bucketOf(dataset: Dataset): Budget.Entry | undefined {
  const group = rateGroupOf(dataset);
  if (!group) return undefined;
  const known = full.get(dataset);
  if (known) return known;
  const { maxTokens = 0, windowSeconds = 900 }: Route = routes[dataset.operations[0]];
  const bucket = { group, limit: maxTokens, windowMs: windowSeconds * 1000, spent: [] };
  full.set(dataset, bucket);
  return bucket;
}

/** Tokens that a refresh is expected to take: what the last one took, but never more than a bucket can hold. */
const tokensOf = (status: DatasetStatus | undefined, bucket: Budget.Entry): number =>
  Math.min(Math.max(status?.tokens ?? 0, unknownTokens), Budget.most(bucket));

/** Tokens that a dataset takes from its group in one window, if it goes on as it did. */
function perWindow(status: DatasetStatus | undefined, bucket: Budget.Entry): number {
  const interval = Math.max(60_000, (status?.nextAt ?? 0) - (status?.refreshedAt ?? 0));
  return tokensOf(status, bucket) * Math.ceil(bucket.windowMs / interval);
}

/** Groups of which an owner needs so much that a bucket might not do. */
export function tightGroups(statuses: readonly DatasetStatus[], datasets: readonly Dataset[]): Set<string> {
  const known = byDataset(statuses);
  const needed = new Map<string, number>();
  const tight = new Set<string>();
  for (const dataset of datasets) {
    const bucket = bucketOf(dataset);
    if (!bucket) continue;
    const tokens = (needed.get(bucket.group) ?? 0) + perWindow(known.get(dataset.name), bucket);
    needed.set(bucket.group, tokens);
    if (tokens > bucket.limit * easy) tight.add(bucket.group);
  }
  return tight;
}

/** What one fetcher's bucket still pays for, after what has been promised in this round. */
interface Purse {
  entry: Budget.Entry;
  left: number;
}

/** Purses of all fetchers, opened when they are first asked for. */
function openPurses(payers: readonly Payer[], now: number) {
  const purses = payers.map(() => new Map<string, Purse>());
  return (dataset: Dataset, bucket: Budget.Entry): Purse[] =>
    payers.flatMap((payer, index) => {
      if (!payer.mayFetch(dataset)) return [];
      const own = purses[index] as Map<string, Purse>;
      let purse = own.get(bucket.group);
      if (!purse) {
        const entry = payer.buckets.find(({ group }) => group === bucket.group) ?? bucket;
        purse = { entry, left: Budget.spendable(entry, now) };
        own.set(bucket.group, purse);
      }
      return [purse];
    });
}

const richest = (purses: readonly Purse[]): Purse | undefined =>
  purses.reduce<Purse | undefined>((best, each) => (best && best.left >= each.left ? best : each), undefined);

/**
 * Reserves in the fetchers' buckets what each refresh is expected to take, first for what is out already, and puts off
 * what cannot be paid until tokens return. Only in groups that are tight; where nobody may fetch a dataset the worker
 * says so, with the reason.
 */
export function afford(
  decision: Decision,
  {
    statuses,
    catalogue,
    payers,
    tight,
  }: {
    statuses: readonly DatasetStatus[];
    catalogue: Pick<Catalogue, "find">;
    payers: readonly Payer[];
    tight: ReadonlySet<string>;
  },
  now: number,
): Decision {
  const known = byDataset(statuses);
  const pursesFor = openPurses(payers, now);
  const affordable: Due[] = [];
  let { wakeAt } = decision;
  /** When the dataset can be paid; undefined: now, and it has been. */
  const reserve = (name: string): number | undefined => {
    const dataset = catalogue.find(name);
    const bucket = dataset && bucketOf(dataset);
    if (!bucket || !tight.has(bucket.group)) return undefined;
    const tokens = tokensOf(known.get(name), bucket);
    const purses = pursesFor(dataset, bucket);
    const purse = richest(purses);
    if (!purse) return undefined;
    const missing = purse.left < tokens;
    if (!missing) purse.left -= tokens;
    return missing ? Math.min(...purses.map(({ entry }) => Budget.spendableAt(entry, tokens, now))) : undefined;
  };
  for (const name of Object.keys(decision.sent)) reserve(name);
  for (const due of [...decision.send].sort((a, b) => a.dueAt - b.dueAt)) {
    const payableAt = reserve(due.dataset);
    if (payableAt === undefined) affordable.push(due);
    else wakeAt = Math.min(wakeAt, Math.max(payableAt, now + shortestDeferralMs));
  }
  return { ...decision, send: affordable, wakeAt };
}
