import * as z from "zod";
import * as Access from "../access/index.ts";
import { Datasets } from "../corporation/index.ts";
import { shapeOf, type View } from "../dataset/index.ts";
import { fn } from "../fn/index.ts";
import { plainText } from "../markup/index.ts";
import { address, monthsBetween, readLedger } from "../refresh/index.ts";
import * as Snapshot from "../snapshot/index.ts";

const dayMs = 86_400_000;

export const Summary = z.object({
  divisions: z.array(z.object({ division: z.int(), name: z.string().optional(), balance: z.number() })),
  /** Balance of each division at the end of each day on which it moved. */
  series: z.array(z.object({ date: z.string(), division: z.int(), balance: z.number() })),
  /** ISK in and out of each division by day; both positive. */
  flows: z.array(z.object({ date: z.string(), division: z.int(), income: z.number(), expense: z.number() })),
});
export type Summary = z.infer<typeof Summary>;

const current = (corporationId: number, name: string): Promise<View> => {
  const dataset = Datasets.get(name);
  return Snapshot.read(address(corporationId, dataset), shapeOf(dataset));
};

interface Day {
  date: string;
  division: number;
  incomeCents: number;
  expenseCents: number;
  lastId: number;
  balance?: number;
}

/** ISK has two decimals: sums are taken in cents, so that no rounding creeps in. */
const cents = (isk: unknown): number => Math.round(Number(isk ?? 0) * 100);

function days(journal: View, from: string): Day[] {
  const byDay = new Map<string, Day>();
  for (let at = 0; at < journal.length; at += 1) {
    const date = String(journal.value("date", at)).slice(0, 10);
    if (date < from) continue;
    const division = journal.value("division", at) as number;
    const key = `${date}/${division}`;
    const day = byDay.get(key) ?? { date, division, incomeCents: 0, expenseCents: 0, lastId: -1 };
    byDay.set(key, day);
    const amount = cents(journal.value("amount", at));
    if (amount > 0) day.incomeCents += amount;
    else day.expenseCents -= amount;
    const id = journal.value("id", at) as number;
    const balance = journal.value("balance", at) as number | undefined;
    if (id > day.lastId && balance !== undefined) Object.assign(day, { lastId: id, balance });
  }
  return [...byDay.values()].sort((a, b) => a.date.localeCompare(b.date) || a.division - b.division);
}

/** Balances by division, and how they moved over the last days as far as the journal tells. */
export const summary = fn(
  z.object({ corporationId: z.int().positive(), days: z.coerce.number().int().min(1).max(366).default(30) }),
  async ({ corporationId, days: count }): Promise<Summary> => {
    await Access.requireCorporation(corporationId);
    const from = new Date(Date.now() - count * dayMs).toISOString();
    const months = monthsBetween(from.slice(0, 7), new Date().toISOString().slice(0, 7));
    const [wallets, divisions, journal] = await Promise.all([
      current(corporationId, "wallets"),
      current(corporationId, "divisions"),
      readLedger(corporationId, Datasets.get("wallet-journal"), months),
    ]);
    const nameOf = (division: number) => {
      const name = divisions.value("name", divisions.find(`wallet|${division}`));
      return typeof name === "string" ? plainText(name) : undefined;
    };
    const moved = journal.derive(`days:${from.slice(0, 10)}`, (view) => days(view, from.slice(0, 10)));
    return {
      divisions: wallets.rows().map(({ division, balance }) => {
        const name = nameOf(division as number);
        return { division: division as number, balance: balance as number, ...(name ? { name } : {}) };
      }),
      series: moved.flatMap(({ date, division, balance }) =>
        balance === undefined ? [] : [{ date, division, balance }],
      ),
      flows: moved.map(({ date, division, incomeCents, expenseCents }) => ({
        date,
        division,
        income: incomeCents / 100,
        expense: expenseCents / 100,
      })),
    };
  },
);
