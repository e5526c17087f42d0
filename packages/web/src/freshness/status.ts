import { fold } from "@tapi/core/platform/fold";
import type { Freshness, FreshnessStatus } from "../api/contract.ts";
import type { Tone } from "../ui/badge.tsx";
import { formatDuration, formatTime } from "../ui/format.ts";

interface StatusWords {
  word: string;
  tone: Tone;
  explanation: string;
}

const statuses: Record<FreshnessStatus, StatusWords> = {
  fresh: { word: "Fresh", tone: "fresh", explanation: "As new as EVE gives it." },
  running: { word: "Refreshing", tone: "accent", explanation: "Being fetched right now." },
  queued: { word: "Queued", tone: "accent", explanation: "Waiting for its turn." },
  never: { word: "Waiting", tone: "neutral", explanation: "Not fetched yet." },
  due: { word: "Due", tone: "neutral", explanation: "EVE may have newer data; it is fetched shortly." },
  stale: { word: "Stale", tone: "stale", explanation: "EVE has newer data that has not been fetched yet." },
  failed: { word: "Failed", tone: "failed", explanation: "The last try failed; it is tried again by itself." },
  blocked: { word: "Blocked", tone: "failed", explanation: "No linked character can fetch it at the moment." },
};

export const isBusy = (status: FreshnessStatus) => status === "running" || status === "queued";

type Trouble = Pick<Freshness, "status" | "lastError">;

/** A spent budget needs no action: it refills within 15 minutes. */
const waitsForBudget = ({ status, lastError }: Trouble) =>
  status === "failed" && lastError?.code === "esi.rate_limited";

export const needsAttention = (entry: Trouble) =>
  entry.status === "blocked" || (entry.status === "failed" && !waitsForBudget(entry));

export const statusOf = (entry: Trouble): StatusWords =>
  waitsForBudget(entry) ? { ...statuses.stale, word: "Waits for budget" } : statuses[entry.status];

type Lateness = Pick<Freshness, "status" | "nextAt" | "lateAt" | "tier" | "slowed" | "lastError">;

/** Whether a dataset keeps its tier's promise; a queued one does until the promised time has passed. */
export function isOnTime({ status, lateAt }: Lateness, now: number): boolean {
  if (status === "fresh" || status === "due") return true;
  return isBusy(status) && lateAt !== undefined && Date.parse(lateAt) > now;
}

/** Why an idle corporation is refreshed less often. */
export const slowedWords =
  "Nobody had looked at this corporation for days, so it was refreshed less often. Your look ends that.";

/** What a status means for this dataset, with its times in EVE time. */
export function explain(entry: Lateness): string {
  const { status, nextAt, lateAt, tier, slowed, lastError } = entry;
  const { explanation } = statuses[status];
  if (waitsForBudget(entry)) return lastError?.message ?? explanation;
  if (status === "due" && slowed) return slowedWords;
  if (!nextAt || !lateAt || !tier) return explanation;
  const promise = formatDuration(Date.parse(lateAt) - Date.parse(nextAt));
  if (status === "due") {
    return `EVE may have newer data since ${formatTime(nextAt)}. Tier ${tier} has it fetched within ${promise}: by ${formatTime(lateAt)}.`;
  }
  if (status === "stale") {
    return `EVE may have newer data since ${formatTime(nextAt)}. Tier ${tier} promises it within ${promise}, and that has passed.`;
  }
  return explanation;
}

/** Replaces one dataset's state; a late message never replaces a newer state. */
export function mergeFreshness(board: Freshness[], next: Freshness): Freshness[] {
  if (!board.some((entry) => entry.dataset === next.dataset)) return [...board, next];
  return board.map((entry) => (entry.dataset === next.dataset && !isOlder(next, entry) ? next : entry));
}

/** Versions count changes only; of two states of one version the later refresh is the newer. */
function isOlder(one: Freshness, other: Freshness): boolean {
  return one.version < other.version || (one.refreshedAt ?? "") < (other.refreshedAt ?? "");
}

/** "+3, −1, 12 changed", or nothing where nothing changed. */
export function changeWords(summary: { added: number; removed: number; changed: number }): string {
  const parts: string[] = [];
  if (summary.added > 0) parts.push(`+${summary.added.toLocaleString("en-US")}`);
  if (summary.removed > 0) parts.push(`\u2212${summary.removed.toLocaleString("en-US")}`);
  if (summary.changed > 0) parts.push(`${summary.changed.toLocaleString("en-US")} changed`);
  return parts.join(", ");
}

export interface Group<Entry> {
  name: string;
  entries: Entry[];
}

/** The board by group, in the order in which it comes; `text` narrows it by a dataset's name or its state. */
export function groupBoard<Entry extends Pick<Freshness, "dataset" | "title" | "group"> & Trouble>(
  board: readonly Entry[],
  text = "",
): Group<Entry>[] {
  const wanted = fold(text.trim());
  const groups = new Map<string, Entry[]>();
  for (const entry of board) {
    const words = fold(`${entry.title} ${entry.dataset} ${entry.group} ${statusOf(entry).word}`);
    if (words.includes(wanted)) groups.set(entry.group, [...(groups.get(entry.group) ?? []), entry]);
  }
  return [...groups].map(([name, entries]) => ({ name, entries }));
}
