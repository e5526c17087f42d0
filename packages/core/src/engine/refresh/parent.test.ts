import { expect, test } from "vitest";
import { refreshableAt, withParentFreshness } from "../freshness/parent.ts";
import type { State } from "../state/index.ts";

const minuteMs = 60_000;
const now = Date.UTC(2026, 4, 5, 15);

const state = (dataset: string, more: Partial<State>): State => ({
  owner: { kind: "corporation", id: 98_000_001 },
  dataset,
  fence: 1,
  version: 3,
  rows: 5,
  failures: 0,
  ...more,
});

/** A list in its third version, refreshed five minutes ago and just expired. */
const list = state("contracts", {
  refreshedAt: now - 5 * minuteMs,
  changedAt: now - 90 * minuteMs,
  staleAt: now,
  nextAt: now,
});
/** Its detail, made an hour ago from that version; an item of its own expires tomorrow. */
const detail = state("contract-items", {
  refreshedAt: now - 60 * minuteMs,
  staleAt: now + 24 * 60 * minuteMs,
  nextAt: now + 24 * 60 * minuteMs,
  listVersion: 3,
});
const changed = { ...list, version: 4, changedAt: now - 5 * minuteMs };

test("a detail of the list's version is as fresh as the list, and expires with it", () => {
  expect(withParentFreshness(detail, list)).toMatchObject({ refreshedAt: list.refreshedAt, staleAt: now, nextAt: now });
});

test("a detail of which an item expired before the list was refreshed is only known to be right until then", () => {
  const expiredAt = now - 20 * minuteMs;

  expect(withParentFreshness({ ...detail, staleAt: expiredAt }, list)).toMatchObject({
    refreshedAt: expiredAt,
    staleAt: expiredAt,
  });
});

test("a detail of an older version has been behind since the list changed", () => {
  const seen = withParentFreshness(detail, changed);

  expect(seen).toMatchObject({
    refreshedAt: detail.refreshedAt,
    staleAt: changed.changedAt,
    nextAt: changed.changedAt,
  });
});

test("one that is behind and failed is tried again at the end of its back-off, and a person may ask for it at once", () => {
  const failed = { ...detail, failures: 1, nextAt: now + 4 * minuteMs };

  expect(withParentFreshness(failed, changed)).toMatchObject({ staleAt: changed.changedAt, nextAt: failed.nextAt });
  expect(refreshableAt(failed, changed)).toBe(changed.changedAt);
});

test("what was never refreshed, or has no list, stays as it is", () => {
  const never = state("contract-items", {});

  expect(withParentFreshness(never, list)).toBe(never);
  expect(withParentFreshness(detail, undefined)).toBe(detail);
  expect([refreshableAt(undefined, list), refreshableAt(detail, undefined)]).toEqual([0, detail.staleAt]);
});
