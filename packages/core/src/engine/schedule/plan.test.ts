import fc from "fast-check";
import { expect, test } from "vitest";
import * as Owner from "../../owner/index.ts";
import { lostAfterMs } from "../agenda/cadence.ts";
import type { Dataset } from "../dataset/index.ts";
import { choose, type DatasetStatus, type Due, decide, inTurns, type OwnerStatus, togetherOf } from "./plan.ts";

/** Three in the afternoon in New Eden: no downtime near. */
const now = Date.UTC(2026, 4, 5, 15);
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const tiers = ["P0", "P1", "P2", "P3"] as const;

const dataset = (name: string, after?: string[]): Dataset =>
  ({ name, ...(after ? { after } : {}) }) as unknown as Dataset;
const plain = [dataset("a"), dataset("b")];

const corporation = (datasets: DatasetStatus[] = [], more: Partial<OwnerStatus> = {}): OwnerStatus => ({
  owner: Owner.corporation(98_000_001),
  tier: "P1",
  sent: {},
  datasets,
  ...more,
});

const names = (of: OwnerStatus, datasets: readonly Dataset[] = plain, at = now) =>
  decide(of, datasets, at).send.map((each) => each.dataset);

const fresh = (name: string, nextAt: number): DatasetStatus => ({ dataset: name, refreshedAt: now - hourMs, nextAt });

test("what was never fetched is sent at once", () => {
  expect(names(corporation())).toEqual(["a", "b"]);
});

test("what has not expired is not sent, and the corporation sleeps until it has", () => {
  const decision = decide(corporation([fresh("a", now + 10 * minuteMs), fresh("b", now + hourMs)]), plain, now);

  expect(decision.send).toEqual([]);
  expect(decision.wakeAt).toBeGreaterThanOrEqual(now + 10 * minuteMs);
  expect(decision.wakeAt).toBeLessThanOrEqual(now + 13 * minuteMs);
});

test("once one dataset is due now, whatever else is due goes along, and what is not due stays", () => {
  const all = [dataset("dueNow"), dataset("due"), dataset("later")];

  const sent = names(corporation([fresh("dueNow", now - hourMs), fresh("due", now - 1), fresh("later", now + 1)]), all);

  expect(sent).toEqual(["dueNow", "due"]);
});

test("what is made from another dataset waits until that one has been fetched once", () => {
  const all = [dataset("names", ["a"]), dataset("a")];

  const before = names(corporation(), all);
  const after = names(corporation([fresh("a", now + hourMs)]), all);

  expect([before, after]).toEqual([["a"], ["names"]]);
});

test("what arrives for one owner within seconds goes in one message, with the last of it and never before its expiry", () => {
  const of = (id: number, dataset: string, inSeconds: number): Due => ({
    owner: Owner.corporation(id),
    tier: "P0",
    dataset,
    dueAt: now,
    arriveAt: now + inSeconds * 1000,
    recheckMs: 0,
  });

  const together = togetherOf([of(1, "a", 5), of(2, "a", 0), of(1, "b", 0), of(1, "c", 40), of(1, "d", 9)]);

  expect(together.map((own) => own.map((each) => [each.owner.id, each.dataset, (each.arriveAt - now) / 1000]))).toEqual(
    [
      [[2, "a", 0]],
      [
        [1, "b", 5],
        [1, "a", 5],
      ],
      [[1, "d", 9]],
      [[1, "c", 40]],
    ],
  );
});

test("what is out is not sent again until it counts as lost", () => {
  const sent = { a: now, b: now };

  const soon = names(corporation([], { sent }), plain, now + lostAfterMs - 1);
  const lost = names(corporation([], { sent }), plain, now + lostAfterMs);

  expect([soon, lost]).toEqual([[], ["a", "b"]]);
});

test("what is out stays marked as sent; what has come back, or was never sent, does not", () => {
  const back = { ...fresh("b", now + hourMs), refreshedAt: now - minuteMs };
  const all = [...plain, dataset("c")];
  const sent = { a: now - minuteMs, b: now - 2 * minuteMs };

  const { sent: after } = decide(corporation([back, fresh("c", now + hourMs)], { sent }), all, now);

  expect(Object.entries(after)).toEqual([["a", now - minuteMs]]);
});

test("what a worker holds is not sent, however long it takes; a worker who died frees it", () => {
  const held = (leaseUntil: number) =>
    corporation([{ dataset: "a", leaseUntil }], { sent: { a: now - hourMs, b: now } });

  expect(names(held(now + 1))).toEqual([]);
  expect(names(held(now - 1))).toEqual(["a"]);
});

test("what was sent again after its worker had died is not sent once more in every round", () => {
  const again = corporation([{ dataset: "a", leaseUntil: now - minuteMs }], { sent: { a: now, b: now } });

  expect(names(again, plain, now + minuteMs)).toEqual([]);
});

test("what failed is tried again when its back-off ends, not before", () => {
  const failed = (nextAt: number) =>
    corporation([{ dataset: "a", refreshedAt: now - 2 * hourMs, nextAt, failures: 2 }, fresh("b", now + hourMs)], {
      sent: { a: now - lostAfterMs },
    });

  expect(names(failed(now + minuteMs))).toEqual([]);
  expect(names(failed(now - 1))).toEqual(["a"]);
});

test("what failed is not out any more, even when its back-off has ended before it could count as lost", () => {
  const failed = (errorAt: number) =>
    corporation([{ ...fresh("a", now - 1), errorAt, failures: 1 }, fresh("b", now + hourMs)], {
      sent: { a: now - 2 * minuteMs },
    });

  expect(names(failed(now - minuteMs))).toEqual(["a"]);
  expect(names(failed(now - 3 * minuteMs))).toEqual([]);
});

const listed = [dataset("list"), { ...dataset("detail", ["list"]), detailOf: "list" }];
/** A list in its third version, changed a while ago, and its detail; neither expires soon. */
const withDetail = (detail: Partial<DatasetStatus>, more: Partial<OwnerStatus> = {}) =>
  corporation(
    [
      { ...fresh("list", now + hourMs), version: 3, changedAt: now - 10 * minuteMs },
      { ...fresh("detail", now + 20 * hourMs), failures: 0, listVersion: 3, ...detail },
    ],
    more,
  );

test("a detail is due when its list has changed, and not while the list stays as it is", () => {
  expect(names(withDetail({}), listed)).toEqual([]);
  expect(names(withDetail({ listVersion: 2 }), listed)).toEqual(["detail"]);
});

test("a detail is due when one of its own items has expired, whatever its list does", () => {
  expect(names(withDetail({ nextAt: now - 10 * minuteMs }), listed)).toEqual(["detail"]);
});

test("a detail that failed waits for the end of its back-off although its list has changed", () => {
  const failed = { listVersion: 2, failures: 1, errorAt: now - minuteMs };

  expect(names(withDetail({ ...failed, nextAt: now + minuteMs }), listed)).toEqual([]);
  expect(names(withDetail({ ...failed, nextAt: now - 1 }), listed)).toEqual(["detail"]);
});

test("a detail that was sent because its list has changed is not sent again while it is on its way", () => {
  const sentAt = now - 2 * minuteMs;
  const out = { listVersion: 2 };

  expect(names(withDetail(out, { sent: { detail: sentAt } }), listed)).toEqual([]);
  expect(names(withDetail({ ...out, refreshedAt: sentAt + 1 }, { sent: { detail: sentAt } }), listed)).toEqual([
    "detail",
  ]);
});

test("what follows others is due as soon after each as it declares, and not while none of them has changed", () => {
  const declared = [dataset("a"), dataset("b"), { ...dataset("made"), follows: { a: 0, b: 3600 } }];
  const made = (changedAt: { a?: number; b?: number }, sum: number, refreshedAt: number) =>
    corporation([
      { ...fresh("a", now + hourMs), version: 2, changedAt: changedAt.a ?? 0 },
      { ...fresh("b", now + hourMs), version: 3, changedAt: changedAt.b ?? 0 },
      { ...fresh("made", now + 20 * hourMs), refreshedAt, failures: 0, listVersion: sum },
    ]);
  const twentyAgo = now - 20 * minuteMs;
  const lately = now - 10 * minuteMs;

  expect(names(made({}, 5, twentyAgo), declared)).toEqual([]);
  expect(names(made({ a: lately }, 4, twentyAgo), declared)).toEqual(["made"]);
  expect(names(made({ b: lately }, 4, twentyAgo), declared)).toEqual([]);
  expect(names(made({ b: lately }, 4, now - 2 * hourMs), declared)).toEqual(["made"]);
});

test("what was left over goes on as soon as it may, alone", () => {
  const leftOver = { ...fresh("a", now - 1), hasMore: true };
  const lowest = corporation([leftOver, fresh("b", now - 1)], { tier: "P3" });

  expect(names(lowest)).toEqual(["a"]);
});

const status = fc.record({
  nextAt: fc.option(fc.integer({ min: now - 4 * hourMs, max: now + 4 * hourMs }), { nil: undefined }),
  leaseUntil: fc.option(fc.integer({ min: now - hourMs, max: now + hourMs }), { nil: undefined }),
  refreshedAt: fc.option(fc.integer({ min: now - 8 * hourMs, max: now }), { nil: undefined }),
  sentAt: fc.option(fc.integer({ min: now - hourMs, max: now + minuteMs }), { nil: undefined }),
});

test("whatever the state: nothing arrives before its expiry or beside a living worker, and the corporation wakes", () => {
  fc.assert(
    fc.property(fc.constantFrom(...tiers), fc.array(status, { minLength: 1, maxLength: 6 }), (tier, states) => {
      const datasets = states.map((_, index) => dataset(`d${index}`));
      const known = states.map(({ sentAt: _, ...state }, index) => ({ dataset: `d${index}`, ...state }));
      const sent = Object.fromEntries(states.flatMap(({ sentAt }, at) => (sentAt ? [[`d${at}`, sentAt]] : [])));

      const decision = decide(corporation(known, { tier, sent }), datasets, now);

      for (const { dataset: name, arriveAt } of decision.send) {
        const state = known.find((each) => each.dataset === name);
        expect(arriveAt).toBeGreaterThanOrEqual(Math.max(now, state?.nextAt ?? 0));
        expect(state?.leaseUntil ?? 0).toBeLessThanOrEqual(now);
      }
      expect(new Set(decision.send.map((each) => each.dataset)).size).toBe(decision.send.length);
      expect(decision.wakeAt).toBeLessThanOrEqual(now + hourMs);
      expect(decision.wakeAt).toBeGreaterThanOrEqual(now);
    }),
  );
});

const due = fc
  .array(fc.record({ tier: fc.constantFrom(...tiers), dueAt: fc.integer({ min: 0, max: 1_000 }) }), { maxLength: 120 })
  .map((all): Due[] =>
    all.map(({ tier, dueAt }, id) => ({
      owner: Owner.corporation(id + 1),
      tier,
      dataset: "a",
      dueAt,
      arriveAt: dueAt,
      recheckMs: 0,
    })),
  );

const count = (of: readonly Due[], tier: string) => of.filter((each) => each.tier === tier).length;

test("never more are chosen than there are places, none twice, and no place stays empty while anything waits", () => {
  fc.assert(
    fc.property(due, fc.integer({ min: 0, max: 60 }), (all, places) => {
      const chosen = choose(all, places, now);

      expect(chosen.length).toBe(Math.min(places, all.length));
      expect(new Set(chosen.map(({ owner }) => owner.id)).size).toBe(chosen.length);
    }),
  );
});

test("each tier gets its share under any backlog, and within a tier the oldest go first", () => {
  const share = { P0: 4, P1: 2, P2: 1, P3: 1 };
  fc.assert(
    fc.property(due, fc.integer({ min: 1, max: 6 }), (all, tens) => {
      const chosen = choose(all, tens * 10, now);

      for (const tier of tiers) {
        expect(count(chosen, tier)).toBeGreaterThanOrEqual(Math.min(count(all, tier), share[tier] * tens));
        const left = all.filter((each) => each.tier === tier && !chosen.includes(each)).map(({ dueAt }) => dueAt);
        const taken = chosen.filter((each) => each.tier === tier).map(({ dueAt }) => dueAt);
        expect(Math.max(...taken, 0)).toBeLessThanOrEqual(Math.min(...left, Number.POSITIVE_INFINITY));
      }
    }),
  );
});

test("under a backlog of P0 most places are P0's, and P3 still moves", () => {
  const backlog: Due[] = tiers.flatMap((tier, index) =>
    Array.from({ length: tier === "P0" ? 1_000 : 50 }, (_, at) => ({
      owner: Owner.corporation(index * 10_000 + at),
      tier,
      dataset: "a",
      dueAt: at,
      arriveAt: at,
      recheckMs: 0,
    })),
  );

  const chosen = choose(backlog, 100, now);

  expect(tiers.map((tier) => count(chosen, tier))).toEqual([60, 20, 10, 10]);
});

test("a queue that has room for one message a round serves every tier in turn", () => {
  const all: Due[] = tiers.flatMap((tier, index) =>
    Array.from({ length: 20 }, (_, at) => {
      const owner = Owner.corporation(index * 100 + at);
      return { owner, tier, dataset: "a", dueAt: at, arriveAt: at, recheckMs: 0 };
    }),
  );

  const chosen = Array.from({ length: 10 }, (_, round) => choose(all, 1, now + round * minuteMs)).flat();

  expect(tiers.map((tier) => count(chosen, tier))).toEqual([6, 2, 1, 1]);
});

test("a round that stops early has looked at every tier in turn", () => {
  const awake = Array.from({ length: 400 }, (_, at) => ({ tier: tiers[at % 4] as Due["tier"], wakeAt: at }));

  const ordered = inTurns(awake);

  expect(ordered).toHaveLength(400);
  const first = ordered.slice(0, 16);
  expect(tiers.map((tier) => first.filter((each) => each.tier === tier).length)).toEqual([8, 4, 2, 2]);
});
