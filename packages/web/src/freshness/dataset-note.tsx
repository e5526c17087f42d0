import type { Owner } from "../api/owner.ts";
import { Age } from "../ui/age.tsx";
import { Dot } from "../ui/badge.tsx";
import { Hint } from "../ui/hint.tsx";
import { explain, isBusy, needsAttention, statusOf } from "./status.ts";
import { useBoard } from "./use-board.ts";

/** How old a dataset's figures are, in one line beside them. */
export function DatasetNote({ owner, dataset }: { owner: Owner; dataset: string }) {
  const board = useBoard(owner);
  const entry = board.find((candidate) => candidate.dataset === dataset);
  if (!entry) return null;
  const { word, tone } = statusOf(entry);
  const hint = needsAttention(entry) ? (entry.lastError?.message ?? explain(entry)) : explain(entry);
  return (
    <Hint text={hint}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the explanation must be reachable by keyboard */}
      <span tabIndex={0} className="inline-flex items-center gap-1.5">
        <Dot tone={tone} pulse={isBusy(entry.status)} />
        {entry.refreshedAt ? <Age at={entry.refreshedAt} /> : word}
        {entry.status === "fresh" || !entry.refreshedAt ? null : <span className="lowercase">· {word}</span>}
      </span>
    </Hint>
  );
}
