import fc from "fast-check";
import { expect, test } from "vitest";
import * as Owner from "../../owner/index.ts";
import { promisedMs } from "../../owner/index.ts";
import { dueNowAt, isImmediate, type Pacing, recheckMs, slowedBy } from "./cadence.ts";

const now = Date.UTC(2026, 4, 5, 15);
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const tiers = ["P0", "P1", "P2", "P3"] as const;

const corporation = (more: Partial<Pacing> = {}): Pacing => ({
  owner: Owner.corporation(98_000_001),
  tier: "P2",
  ...more,
});
/** How long a dataset that expires just now, an hour after it was fetched, waits to be batched. */
const waitOf = (of: Pacing, timing = {}) => dueNowAt(of, now, { refreshedAt: now - hourMs, ...timing }, now) - now;

test("the lower the tier the longer what has expired waits, and a round and its queue still fit into the promise", () => {
  const waits = tiers.map((tier) => waitOf(corporation({ tier })));

  expect([...waits].sort((a, b) => a - b)).toEqual(waits);
  for (const [index, tier] of tiers.entries()) {
    const rounds = tier === "P0" ? 0 : minuteMs;
    expect((waits[index] ?? 0) + rounds).toBeLessThan(0.95 * promisedMs[tier]);
  }
});

test("a corporation that nobody looks at waits longer, but no longer than its tier promises", () => {
  const viewedAt = now - 30 * dayMs;
  for (const tier of tiers) {
    const unseen = waitOf(corporation({ tier, viewedAt }));

    expect(unseen).toBeGreaterThanOrEqual(waitOf(corporation({ tier })));
    expect(unseen).toBeLessThan(promisedMs[tier]);
  }
  expect(waitOf(corporation({ viewedAt }))).toBeGreaterThan(waitOf(corporation()));
});

test("it is slower by steps: after three days, and again after two weeks", () => {
  const factors = [0, 2.9, 3, 13.9, 14, 400].map((days) => slowedBy(now - days * dayMs, now));

  expect(factors).toEqual([1, 1, 2, 2, 4, 4]);
  expect(slowedBy(undefined, now)).toBe(1);
});

test("what failed or was left half done is immediate; what only a person mends is not", () => {
  expect([waitOf(corporation(), { failures: 2 }), waitOf(corporation(), { hasMore: true })]).toEqual([0, 0]);
  expect(isImmediate({ failures: 2, blocked: true })).toBe(false);
  expect(waitOf(corporation(), { failures: 2, blocked: true })).toBe(waitOf(corporation()));
});

test("corporations that were added together drift apart", () => {
  const waits = Array.from({ length: 100 }, (_, index) =>
    waitOf(corporation({ owner: Owner.corporation(98_000_000 + index) })),
  );

  expect(new Set(waits).size).toBeGreaterThan(90);
  expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(minuteMs);
});

test("whatever is known of a dataset: it is due now neither before its expiry nor beyond the promise, at a whole millisecond", () => {
  const timing = fc.record({
    refreshedAt: fc.option(fc.integer({ min: now - 40 * dayMs, max: now }), { nil: undefined }),
    failures: fc.integer({ min: 0, max: 3 }),
    blocked: fc.boolean(),
    hasMore: fc.boolean(),
  });
  const pacing = fc.record({
    owner: fc.integer({ min: 98_000_000, max: 99_000_000 }).map(Owner.corporation),
    tier: fc.constantFrom(...tiers),
    viewedAt: fc.option(fc.integer({ min: now - 40 * dayMs, max: now }), { nil: undefined }),
  });
  fc.assert(
    fc.property(pacing, timing, fc.integer({ min: 1, max: now }), (of, known, dueAt) => {
      const at = dueNowAt(of, dueAt, known, now);

      expect(at).toBeGreaterThanOrEqual(dueAt);
      expect(at - dueAt).toBeLessThan(promisedMs[of.tier]);
      expect(Number.isInteger(at)).toBe(true);
    }),
  );
});

test("what was sent is looked at in the next round where its tier promises minutes or it was never tried, else when it is due now again", () => {
  const of = (tier: Pacing["tier"], isFirst = false) => recheckMs(corporation({ tier }), isFirst);

  expect([of("P0"), of("P1"), of("P2", true), of("P3", true)].every((ms) => ms < minuteMs)).toBe(true);
  for (const tier of ["P2", "P3"] as const) {
    const fetchedAt = now + 10_000;
    const again = dueNowAt(corporation({ tier }), fetchedAt + 5 * minuteMs, { refreshedAt: fetchedAt }, now);
    expect(now + of(tier)).toBeGreaterThanOrEqual(again);
    expect(now + of(tier) - again).toBeLessThan(minuteMs);
  }
});
