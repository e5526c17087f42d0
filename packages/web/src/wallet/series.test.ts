import { expect, test } from "vitest";
import { balanceSeries, flowSeries } from "./series.ts";

const summary = {
  divisions: [
    { division: 1, balance: 30 },
    { division: 2, balance: 5 },
  ],
  total: 35,
  series: [
    { date: "2026-11-03", division: 1, balance: 30 },
    { date: "2026-11-01", division: 1, balance: 10 },
    { date: "2026-11-02", division: 2, balance: 5 },
  ],
  flows: [
    { date: "2026-11-02", division: 2, income: 6, expense: 1 },
    { date: "2026-11-01", division: 1, income: 10, expense: 0 },
    { date: "2026-11-02", division: 1, income: 2, expense: 4 },
  ],
};

test("days stand in order, and a division that did not move keeps the balance of the day before", () => {
  const { times, series } = balanceSeries(summary, [
    { division: 1, label: "One" },
    { division: 2, label: "Two" },
  ]);

  expect(times.map((seconds) => new Date(seconds * 1000).toISOString().slice(8, 10))).toEqual(["01", "02", "03"]);
  expect(series.map(({ label, values }) => [label, values])).toEqual([
    ["One", [10, 10, 30]],
    ["Two", [null, 5, 5]],
  ]);
});

test("flows are added up over all divisions or one; what went out points down", () => {
  const all = flowSeries(summary, undefined);
  const second = flowSeries(summary, 2);

  expect([all.income, all.expense, all.series.map((one) => one.values)]).toEqual([
    18,
    5,
    [
      [10, 8],
      [-0, -5],
    ],
  ]);
  expect([second.income, second.expense, second.times.length]).toEqual([6, 1, 1]);
});

test("what came in over many days is their exact sum, and not that of doubles", () => {
  const flows = [0.1, 0.2, "90071992547409.93", 0.4].map((income, day) => ({
    date: `2026-11-0${day + 1}`,
    division: 1,
    income,
    expense: income,
  }));

  const { income, expense } = flowSeries({ ...summary, flows }, undefined);

  expect([income, expense]).toEqual([Number("90071992547410.63"), Number("90071992547410.63")]);
});
