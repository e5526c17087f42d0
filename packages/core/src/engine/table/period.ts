import * as z from "zod";
import { VisibleError } from "../../platform/error/index.ts";
import { momentOf } from "../../platform/moment/index.ts";
import type { Dataset } from "../dataset/index.ts";

/** A ledger's table covers this many days unless the reader chooses. */
const defaultDays = 30;
const dayMs = 86_400_000;

/** A day or a moment as ISO 8601 writes them; a moment names its offset from UTC. */
export const Moment = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

/** From and to, both inclusive, in ESI's own form (`2026-11-20T13:00:00Z`): such texts compare as the moments do. */
export interface Period {
  from?: string;
  to?: string;
}

export interface WantedPeriod {
  from?: string | undefined;
  to?: string | undefined;
}

/** Moments whose year has four digits, so that texts compare as they do. */
const [first, last] = [Date.parse("0001-01-01T00:00:00Z"), Date.parse("9999-12-31T23:59:59Z")];

const write = (epochMs: number): string => momentOf(Math.min(last, Math.max(first, epochMs))) as string;

const isDay = (moment: string): boolean => !moment.includes("T");

export const startOf = (moment: string): number => Date.parse(moment);

/** The last instant that a day or a moment means (epoch ms). */
export const endOf = (moment: string): number => Date.parse(isDay(moment) ? `${moment}T23:59:59.999Z` : moment);

/** Refuses a period that ends before it begins, whoever asks for it. */
export function requireOrder({ from, to }: WantedPeriod, code: "rows.bad_period" | "history.bad_period"): void {
  if (!from || !to || startOf(from) <= endOf(to)) return;
  throw new VisibleError("validation", code, "The first moment is later than the second.");
}

/** What a reader asked for; a day means all of it, and a ledger has a period in any case: the last days before `now`. */
export function periodOf(dataset: Dataset, period: WantedPeriod, now: number): Period {
  const to = period.to && (isDay(period.to) ? `${period.to}T23:59:59.999999999Z` : write(Date.parse(period.to)));
  const from = period.from && write(startOf(period.from));
  if (dataset.storage === "ledger" && !from) {
    return { from: write((to ? Date.parse(to) : now) - defaultDays * dayMs), ...(to ? { to } : {}) };
  }
  return { ...(from ? { from } : {}), ...(to ? { to } : {}) };
}
