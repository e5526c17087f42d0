import * as z from "zod";
import { address, monthsBetween, readLedger } from "../../engine/collection/index.ts";
import { shapeOf, type View } from "../../engine/dataset/index.ts";
import { plainText } from "../../eve/markup/index.ts";
import * as Owner from "../../owner/index.ts";
import { Datasets, requireReader } from "../../owners/corporation/index.ts";
import { Sums, sumOf, travelling } from "../../platform/decimal/index.ts";
import { fn } from "../../platform/fn/index.ts";
import * as Snapshot from "../../snapshot/index.ts";

const dayMs = 86_400_000;

/** Exact; a text where no double says exactly that. */
const Amount = z.union([z.number(), z.string()]);

export const Summary = z.object({
  divisions: z.array(z.object({ division: z.int(), name: z.string().optional(), balance: z.number() })),
  /** Of all divisions. */
  total: Amount,
  /** Balance of each division at the end of each day on which it moved. */
  series: z.array(z.object({ date: z.string(), division: z.int(), balance: z.number() })),
  /** ISK in and out of each division by day; both positive, and exact. */
  flows: z.array(z.object({ date: z.string(), division: z.int(), income: Amount, expense: Amount })),
});
export type Summary = z.infer<typeof Summary>;

const current = (corporationId: number, name: string): Promise<View> => {
  const dataset = Datasets.get(name);
  return Snapshot.read(address(Owner.corporation(corporationId), dataset), shapeOf(dataset));
};

interface Day {
  date: string;
  division: number;
  income: number | string;
  expense: number | string;
  lastId: number;
  balance?: number;
}

/** A day of a division while it is added up; the place of its sums is its own in the order of days. */
interface Adding extends Pick<Day, "date" | "division" | "lastId" | "balance"> {
  place: number;
}

function days(journal: View, from: string): Day[] {
  const byDay = new Map<string, Adding>();
  const [income, expense] = [new Sums(journal.length), new Sums(journal.length)];
  for (let at = 0; at < journal.length; at += 1) {
    const date = String(journal.value("date", at)).slice(0, 10);
    if (date < from) continue;
    const division = journal.value("division", at) as number;
    const key = `${date}/${division}`;
    const day: Adding = byDay.get(key) ?? { date, division, place: byDay.size, lastId: -1 };
    byDay.set(key, day);
    const amount = Number(journal.value("amount", at) ?? 0);
    if (amount > 0) income.add(day.place, amount);
    else expense.add(day.place, -amount);
    const id = journal.value("id", at) as number;
    const balance = journal.value("balance", at) as number | undefined;
    if (id > day.lastId && balance !== undefined) Object.assign(day, { lastId: id, balance });
  }
  return [...byDay.values()]
    .map(
      ({ place, ...day }): Day => ({
        ...day,
        income: travelling(income.of(place)),
        expense: travelling(expense.of(place)),
      }),
    )
    .sort((a, b) => a.date.localeCompare(b.date) || a.division - b.division);
}

/** Balances by division, and how they moved over the last days as far as the journal tells. */
export const summary = fn(
  z.object({ corporationId: z.int().positive(), days: z.coerce.number().int().min(1).max(366).default(30) }),
  async ({ corporationId, days: count }): Promise<Summary> => {
    await requireReader(corporationId);
    const from = new Date(Date.now() - count * dayMs).toISOString();
    const months = monthsBetween(from.slice(0, 7), new Date().toISOString().slice(0, 7));
    const [wallets, divisions, journal] = await Promise.all([
      current(corporationId, "wallets"),
      current(corporationId, "divisions"),
      readLedger(Owner.corporation(corporationId), Datasets.get("wallet-journal"), months),
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
      total: sumOf(wallets.rows().map(({ balance }) => balance as number)),
      series: moved.flatMap(({ date, division, balance }) =>
        balance === undefined ? [] : [{ date, division, balance }],
      ),
      flows: moved.map(({ date, division, income, expense }) => ({ date, division, income, expense })),
    };
  },
);
