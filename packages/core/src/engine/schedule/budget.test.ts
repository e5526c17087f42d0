import { expect, test } from "vitest";
import type { Budget } from "../../eve/esi/index.ts";
import * as Owner from "../../owner/index.ts";
import { catalogue, datasets } from "../../owners/corporation/datasets/index.ts";
import type { Payer } from "../kind/index.ts";
import { afford, tightGroups } from "./budget.ts";
import type { DatasetStatus, Decision, Due } from "./plan.ts";

const now = Date.UTC(2026, 4, 5, 15);
const minuteMs = 60_000;
const windowMs = 15 * minuteMs;

/** A dataset that takes so many tokens every so often. */
const taking = (dataset: string, tokens: number, everyMs = windowMs): DatasetStatus => ({
  dataset,
  tokens,
  refreshedAt: now - everyMs,
  nextAt: now,
});

const dueOf = (dataset: string, dueAt = now): Due => ({
  ...{ owner: Owner.corporation(98_000_001), tier: "P1", dataset },
  ...{ dueAt, arriveAt: now, recheckMs: minuteMs },
});
const decisionOf = (names: readonly string[], sent: Record<string, number> = {}): Decision => ({
  send: names.map((name, index) => dueOf(name, now - 1_000 + index)),
  sent,
  wakeAt: now + 60 * minuteMs,
});

/** A director of whose 300 tokens in a group so many were spent a minute ago. */
const payer = (spent: number, mayFetch: Payer["mayFetch"] = () => true): Payer => {
  const bucket = (group: string): Budget.Entry => ({
    group,
    limit: 300,
    windowMs,
    spent: spent > 0 ? [[now - minuteMs, spent]] : [],
  });
  return { mayFetch, buckets: [bucket("corp-wallet"), bucket("corp-member")] };
};

const wallets = [taking("wallet-journal", 100), taking("wallet-transactions", 100)];
const both = ["wallet-journal", "wallet-transactions"];

const paid = (decision: Decision, payers: Payer[], statuses = wallets) =>
  afford(decision, { statuses, catalogue, payers, tight: tightGroups(statuses, datasets) }, now);
const names = ({ send }: Decision) => send.map(({ dataset }) => dataset);

test("a group is tight when half of one bucket might not do", () => {
  const needy = tightGroups(wallets, datasets);
  const modest = tightGroups([taking("wallet-journal", 20)], datasets);

  expect(needy.has("corp-wallet")).toBe(true);
  expect(modest.has("corp-wallet")).toBe(false);
});

test("what is refreshed several times in a window is counted as often", () => {
  const often = [taking("wallets", 60, 5 * minuteMs)];
  const seldom = [taking("wallets", 60, 60 * minuteMs)];

  expect([often, seldom].map((statuses) => tightGroups(statuses, datasets).has("corp-wallet"))).toEqual([true, false]);
});

test("what no bucket can pay is put off until tokens have come back", () => {
  const { send, wakeAt } = paid(decisionOf(both), [payer(290)]);

  expect(send).toEqual([]);
  expect(wakeAt).toBe(now - minuteMs + windowMs);
});

test("of what a bucket can pay in part, the rest is looked at again in the next round", () => {
  const { send, wakeAt } = paid(decisionOf(both), [payer(150)]);

  expect(send.map(({ dataset }) => dataset)).toEqual(["wallet-journal"]);
  expect(wakeAt).toBe(now + minuteMs);
});

test("what has waited longest is paid first", () => {
  const order = [...both].reverse();

  expect(names(paid(decisionOf(order), [payer(150)]))).toEqual(["wallet-transactions"]);
});

test("two directors pay for what one of them could not", () => {
  expect(names(paid(decisionOf(both), [payer(150), payer(150)]))).toEqual(both);
});

test("what is out already has been promised its tokens", () => {
  const decision = decisionOf(["wallet-transactions"], { "wallet-journal": now - minuteMs });

  expect(names(paid(decision, [payer(150)]))).toEqual([]);
  expect(names(paid(decisionOf(["wallet-transactions"]), [payer(150)]))).toEqual(["wallet-transactions"]);
});

test("a director's bucket pays only for what that director may fetch", () => {
  const onlyJournal: Payer["mayFetch"] = ({ name }) => name === "wallet-journal";

  expect(names(paid(decisionOf(both), [payer(150, onlyJournal), payer(290)]))).toEqual(["wallet-journal"]);
});

test("where nobody may fetch a dataset it goes to the worker, who says why", () => {
  expect(names(paid(decisionOf(both), [payer(0, () => false)]))).toEqual(both);
});

test("nothing is put off for less than a round", () => {
  const bucket: Budget.Entry = { group: "corp-wallet", limit: 300, windowMs, spent: [[now - windowMs + 1, 300]] };

  const { send, wakeAt } = paid(decisionOf(both), [{ mayFetch: () => true, buckets: [bucket] }]);

  expect(send).toEqual([]);
  expect(wakeAt).toBe(now + minuteMs);
});

test("groups that have plenty, and what has no limit, are not counted at all", () => {
  const calm = datasets.map(({ name }) => taking(name, 2, 60 * minuteMs));

  expect(names(paid(decisionOf(["members", "orders"]), [payer(300)], calm))).toEqual(["members", "orders"]);
});
