import * as z from "zod";
import type { Dataset } from "../dataset/index.ts";
import { momentOf } from "../moment/index.ts";

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

export interface Asked {
  from?: string | undefined;
  to?: string | undefined;
}

const write = (epochMs: number): string => momentOf(epochMs) ?? new Date(epochMs).toISOString();

const isDay = (moment: string): boolean => !moment.includes("T");

/** The last instant that a day or a moment means (epoch ms). */
export const endOf = (moment: string): number => Date.parse(isDay(moment) ? `${moment}T23:59:59.999Z` : moment);

/** What a reader asked for; a day means all of it, and a ledger has a period in any case. */
export function periodOf(dataset: Dataset, asked: Asked): Period {
  const to = asked.to && (isDay(asked.to) ? `${asked.to}T23:59:59.999999999Z` : write(Date.parse(asked.to)));
  const from = asked.from && write(Date.parse(asked.from));
  if (dataset.storage === "ledger" && !from) {
    const until = to ? Date.parse(to) : Date.now();
    return { from: write(until - defaultDays * dayMs), ...(to ? { to } : {}) };
  }
  return { ...(from ? { from } : {}), ...(to ? { to } : {}) };
}
