import { expect, test } from "vitest";
import type { Dataset } from "../dataset/index.ts";
import { periodOf, requireOrder } from "./period.ts";

const now = Date.parse("2026-03-31T12:00:00Z");
const ledger = { storage: "ledger" } as Dataset;
const list = {} as Dataset;

test.each<[Dataset, Parameters<typeof periodOf>[1], ReturnType<typeof periodOf>]>([
  [list, {}, {}],
  [list, { to: "2026-03-02" }, { to: "2026-03-02T23:59:59.999999999Z" }],
  [list, { from: "2026-03-02" }, { from: "2026-03-02T00:00:00Z" }],
  [list, { from: "2026-03-02T01:00:00+01:00" }, { from: "2026-03-02T00:00:00Z" }],
  [ledger, {}, { from: "2026-03-01T12:00:00Z" }],
  [ledger, { to: "2026-02-01T12:00:00Z" }, { from: "2026-01-02T12:00:00Z", to: "2026-02-01T12:00:00Z" }],
  [ledger, { to: "2026-02-01" }, { from: "2026-01-02T23:59:59.999Z", to: "2026-02-01T23:59:59.999999999Z" }],
  [ledger, { from: "2020-01-01" }, { from: "2020-01-01T00:00:00Z" }],
  [
    ledger,
    { from: "2020-01-01", to: "2020-01-02" },
    { from: "2020-01-01T00:00:00Z", to: "2020-01-02T23:59:59.999999999Z" },
  ],
  [ledger, { to: "0001-01-02T00:00:00Z" }, { from: "0001-01-01T00:00:00Z", to: "0001-01-02T00:00:00Z" }],
])("of %j the period asked for as %j is %j", (dataset, asked, period) => {
  expect(periodOf(dataset, asked, now)).toEqual(period);
});

test.each<[Parameters<typeof requireOrder>[0], boolean]>([
  [{}, true],
  [{ from: "2026-03-02" }, true],
  [{ to: "2026-03-02" }, true],
  [{ from: "2026-03-02", to: "2026-03-02" }, true],
  [{ from: "2026-03-02T23:59:59Z", to: "2026-03-02" }, true],
  [{ from: "2026-03-02T10:00:00Z", to: "2026-03-02T10:00:00Z" }, true],
  [{ from: "2026-03-02T10:00:01Z", to: "2026-03-02T10:00:00Z" }, false],
  [{ from: "2026-03-03", to: "2026-03-02" }, false],
])("a period %j ends no sooner than it begins: %s", (asked, isInOrder) => {
  const check = () => requireOrder(asked, "rows.bad_period");

  if (isInOrder) expect(check).not.toThrow();
  else expect(check).toThrow(expect.objectContaining({ code: "rows.bad_period" }));
});
