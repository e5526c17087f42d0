import type { Director, Freshness, Row } from "../api/contract.ts";
import { nameOf, numberOf, textOf, timeOf } from "../dataset/read-row.ts";
import type { TableSearch } from "../dataset/table-search.ts";
import { needsAttention } from "../freshness/status.ts";
import { phaseOf } from "../industry/jobs.ts";
import { FUEL_LOW_MS, isReinforced, towerFuelMs } from "../structure/fuel.ts";
import { formatCount } from "../ui/format.ts";

const DAY_MS = 86_400_000;

export interface Concern {
  key: string;
  tone: "failed" | "stale" | "accent";
  text: string;
  /** A moment that it is about. */
  at?: number;
  /** The dataset whose page says more; none leads to the directors. */
  dataset?: string;
}

const tones = { failed: 0, stale: 1, accent: 2 };

/** Most serious first; among equals, the earliest. */
export function inOrder(concerns: Concern[]): Concern[] {
  return concerns.sort((a, b) => tones[a.tone] - tones[b.tone] || (a.at ?? 0) - (b.at ?? 0));
}

export function structureConcerns(structures: Row[], now: number): Concern[] {
  return structures.flatMap((row): Concern[] => {
    const key = String(row.structure_id);
    const name = textOf(row, "name") ?? `Structure ${key}`;
    const fuel = timeOf(row, "fuel_expires");
    const timer = timeOf(row, "state_timer_end");
    const concerns: Concern[] = [];
    if (isReinforced(textOf(row, "state"))) {
      concerns.push({
        key: `${key}-state`,
        tone: "failed",
        text: `${name} is attacked: ${String(row.state).replaceAll("_", " ")}`,
        ...(timer ? { at: timer } : {}),
        dataset: "structures",
      });
    }
    if (fuel !== undefined && fuel - now < FUEL_LOW_MS) {
      const text = fuel > now ? `${name} runs out of fuel` : `${name} is out of fuel`;
      concerns.push({ key: `${key}-fuel`, tone: "failed", text, at: fuel, dataset: "structures" });
    }
    return concerns;
  });
}

export function starbaseConcerns(starbases: Row[], details: Row[], now: number): Concern[] {
  const detailOf = new Map(details.map((row) => [row.starbase_id, row]));
  return starbases.flatMap((row): Concern[] => {
    const name = `The starbase in ${nameOf(row, "system_id")}`;
    const key = `starbase-${row.starbase_id}`;
    const until = timeOf(row, "reinforced_until");
    if (row.state === "reinforced") {
      return [
        { key, tone: "failed", text: `${name} is reinforced`, ...(until ? { at: until } : {}), dataset: "starbases" },
      ];
    }
    const detail = detailOf.get(row.starbase_id);
    const blocks = detail && numberOf(detail, "fuel_quantity");
    if (row.state !== "online" || blocks === undefined) return [];
    const left = towerFuelMs(nameOf(row, "type_id"), blocks);
    return left < FUEL_LOW_MS
      ? [{ key, tone: "failed", text: `${name} runs out of fuel`, at: now + left, dataset: "starbases" }]
      : [];
  });
}

export function jobConcerns(jobs: Row[], now: number): Concern[] {
  const ready = jobs.filter((row) => phaseOf(textOf(row, "status"), timeOf(row, "end_date"), now) === "ready");
  if (ready.length === 0) return [];
  const text = `${formatCount(ready.length, "job is", "jobs are")} ready to deliver`;
  return [{ key: "jobs", tone: "accent", text, dataset: "industry-jobs" }];
}

/** Contracts that nobody has accepted and that end within a day. */
export function contractConcerns(contracts: Row[], now: number): Concern[] {
  const ends = contracts
    .filter((row) => row.status === "outstanding")
    .flatMap((row) => timeOf(row, "date_expired") ?? [])
    .filter((end) => end > now && end - now < DAY_MS)
    .sort((a, b) => a - b);
  if (ends[0] === undefined) return [];
  const text = ends.length === 1 ? "1 contract expires" : `${ends.length} contracts expire, the first`;
  return [{ key: "contracts", tone: "stale", text, at: ends[0], dataset: "contracts" }];
}

/** Moon chunks that arrive within a day. */
export function extractionConcerns(extractions: Row[], now: number): Concern[] {
  return extractions.flatMap((row): Concern[] => {
    const at = timeOf(row, "chunk_arrival_time");
    if (at === undefined || at < now || at - now > DAY_MS) return [];
    const text = `A moon chunk arrives at ${nameOf(row, "structure_id")}`;
    return [{ key: `chunk-${row.structure_id}`, tone: "accent", text, at, dataset: "mining-extractions" }];
  });
}

export function boardConcerns(board: Freshness[]): Concern[] {
  return board.filter(needsAttention).map(({ dataset, title, status, lastError }) => ({
    key: `dataset-${dataset}`,
    tone: status === "blocked" ? "failed" : "stale",
    text: `${title} ${status === "blocked" ? "is blocked" : "failed"}${lastError ? `: ${lastError.message}` : ""}`,
    dataset,
  }));
}

export function directorConcerns(directors: Director[]): Concern[] {
  if (directors.length === 0) return [{ key: "directors", tone: "failed", text: "No director is linked" }];
  return directors
    .filter(({ healthy, lastError }) => !healthy || lastError?.code === "token.dead")
    .map(({ characterId, name, lastError }) => ({
      key: `director-${characterId}`,
      tone: "failed",
      text: `${name} can no longer fetch data${lastError ? `: ${lastError.message}` : ""}`,
    }));
}

/** Datasets that are checked besides the board and the directors, and which of their rows. */
export const checkedLists = {
  structures: {},
  starbases: {},
  "starbase-details": {},
  "industry-jobs": { sort: "end_date", f: { status: ["active", "paused", "ready"] } },
  contracts: { sort: "date_expired", f: { status: ["outstanding"] } },
  "mining-extractions": {},
} satisfies Record<string, TableSearch>;

/** Lists not fetched yet; their state is unknown. */
export const notFetched = (board: readonly Pick<Freshness, "dataset" | "title" | "refreshedAt">[]): string[] =>
  board
    .filter(({ dataset, refreshedAt }) => refreshedAt === undefined && dataset in checkedLists)
    .map(({ title }) => title);
