import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { canonical, instantOf, LedgerMoment, later, Moment, momentOf, sortable } from "./index.ts";

test.each([
  ["2026-11-20T13:00:00Z", "2026-11-20T13:00:00Z"],
  ["2026-11-20T13:00:00+00:00", "2026-11-20T13:00:00Z"],
  ["2026-11-20T13:00:00-00:00", "2026-11-20T13:00:00Z"],
  ["2026-11-20t13:00:00z", "2026-11-20T13:00:00Z"],
  ["2026-11-20 13:00:00Z", "2026-11-20T13:00:00Z"],
  ["2026-11-20T13:00:00.0Z", "2026-11-20T13:00:00Z"],
  ["2026-11-20T13:00:00.123456Z", "2026-11-20T13:00:00.123456Z"],
  ["2026-11-20T13:00:00.1230Z", "2026-11-20T13:00:00.123Z"],
  ["2026-11-20T13:00:00.000000001Z", "2026-11-20T13:00:00.000000001Z"],
  ["2026-11-20T13:00:00.1234567891Z", "2026-11-20T13:00:00.123456789Z"],
  ["2026-11-20T15:30:00.5+02:30", "2026-11-20T13:00:00.5Z"],
  ["2026-11-20T23:00:00-14:00", "2026-11-21T13:00:00Z"],
  ["2026-03-01T00:30:00+01:00", "2026-02-28T23:30:00Z"],
  ["2028-02-29T00:00:00Z", "2028-02-29T00:00:00Z"],
  ["2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"],
  ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"],
  ["0099-12-31T00:00:00Z", "0099-12-31T00:00:00Z"],
  ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"],
  ["2026-11-20", "2026-11-20"],
  ["0001-01-01", "0001-01-01"],
])("%s is stored as %s", (written, stored) => {
  expect(canonical(written)).toBe(stored);
  expect(canonical(stored)).toBe(stored);
});

test.each([
  ...["", "not a date", "Z", "2026", "2026-11", "2026-13-01", "2026-00-10", "2026-02-30", "2026-02-29", "20261120"],
  ...["2026-02-30T00:00:00Z", "2026-11-31T00:00:00Z", "2026-11-20T24:00:00Z", "2026-11-20T13:60:00Z"],
  ...["2026-11-20T13:00:61Z", "2026-11-20T13:00:60Z", "2026-11-20T13:00:00", "2026-11-20T13:00Z"],
  ...["2026-11-20T13:00:00.Z", "2026-11-20T13:00:00+0000", "2026-11-20T13:00:00+24:00", "2026-11-20T13:00:00+01:60"],
  ...["+002026-11-20T13:00:00Z", "0000-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00", " 2026-11-20T13:00:00Z"],
  ...["Fri, 20 Nov 2026 13:00:00 GMT", "1795179600", "2026-11-20T13:00:00Z\n", "２026-11-20"],
])("%j is no moment", (text) => {
  expect(canonical(text)).toBeUndefined();
  expect(Moment.safeParse(text).success).toBe(false);
});

const written = fc
  .record({
    at: fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2200, 0, 1) }),
    nanos: fc.oneof(
      fc.constant(0),
      fc.constantFrom(5, 123_456, 123_456_789, 500_000_000, 450_000_000),
      fc.nat(999_999_999),
    ),
    ahead: fc.integer({ min: -14 * 60, max: 14 * 60 }),
    digits: fc.integer({ min: 0, max: 9 }),
  })
  .map(({ at, nanos, ahead, digits }) => {
    const seconds = Math.floor(at / 1000);
    const fraction = String(nanos).padStart(9, "0").slice(0, digits);
    const local = new Date((seconds + ahead * 60) * 1000).toISOString().slice(0, 19);
    const [hours, minutes] = [Math.floor(Math.abs(ahead) / 60), Math.abs(ahead) % 60];
    const offset = `${ahead < 0 ? "-" : "+"}${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
    return {
      text: `${local}${fraction ? `.${fraction}` : ""}${offset}`,
      instant: BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, "0") || 0),
    };
  });

test("moments written in any way compare as the moments do, as texts and as numbers", () => {
  fc.assert(
    fc.property(written, written, (one, other) => {
      const [a, b] = [canonical(one.text) as string, canonical(other.text) as string];

      expect([instantOf(a), instantOf(b)]).toEqual([one.instant, other.instant]);
      expect(sortable(a) < sortable(b)).toBe(one.instant < other.instant);
      expect(a === b).toBe(one.instant === other.instant);
      expect(later(a, b)).toBe(one.instant < other.instant ? b : a);
    }),
    { numRuns: 500 },
  );
});

test("a ledger has places from the game's beginning to a day from now", () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-11-29T12:00:00Z") });
  const takes = (text: string) => LedgerMoment.safeParse(text).success;

  const taken = ["2003-05-06T00:00:00Z", "2026-11-29T12:00:00Z", "2026-11-30T12:00:00+00:00", "2026-11-29"].map(takes);
  const refused = [
    ...["2003-05-05T23:59:59Z", "0001-01-01T00:00:00Z", "1970-01-01", "2026-11-30T12:00:00.1Z", "9999-12-31T00:00:00Z"],
    ...["not a date", ""],
  ].map(takes);
  vi.useRealTimers();

  expect(taken).toEqual([true, true, true, true]);
  expect(refused).not.toContain(true);
});

test("what is no date has no moment", () => {
  expect([Number.NaN, Number.POSITIVE_INFINITY, 9e15, -9e15, Date.UTC(10_000, 0, 1)].map(momentOf)).toEqual(
    Array(5).fill(undefined),
  );
  expect(momentOf(Date.UTC(2026, 10, 20, 13, 0, 0, 120))).toBe("2026-11-20T13:00:00.12Z");
});
