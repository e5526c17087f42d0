import { useSuspenseQuery } from "@tanstack/react-query";
import { Badge } from "../ui/badge.tsx";
import { Panel } from "../ui/panel.tsx";
import { FreshnessRow } from "./freshness-row.tsx";
import { freshnessQuery } from "./query.ts";
import { needsAttention } from "./status.ts";

/** Every dataset of the corporation: how old, what comes next, who fetched it, what went wrong. */
export function FreshnessBoard({ corporationId }: { corporationId: number }) {
  const { data: board } = useSuspenseQuery(freshnessQuery(corporationId));
  const fresh = board.filter((entry) => entry.status === "fresh").length;
  const trouble = board.filter((entry) => needsAttention(entry.status)).length;
  return (
    <Panel
      title="Freshness"
      note={`${fresh} of ${board.length} as new as EVE gives them`}
      actions={trouble > 0 ? <Badge tone="failed">{trouble} need attention</Badge> : null}
      className="@container"
    >
      <div
        aria-hidden
        className="@3xl:grid hidden grid-cols-[minmax(11rem,1.6fr)_6.5rem_6.5rem_5.5rem_minmax(7rem,1fr)_3.5rem_7.25rem] gap-x-3 border-line border-b px-3.5 py-1.5 text-2xs text-faint"
      >
        <span>Dataset</span>
        <span>Refreshed</span>
        <span>Next</span>
        <span className="text-right">Rows</span>
        <span>Director</span>
        <span className="text-right">Tokens</span>
        <span className="pl-2">Refresh now</span>
      </div>
      <ul>
        {board.map((entry) => (
          <FreshnessRow key={entry.dataset} corporationId={corporationId} entry={entry} />
        ))}
      </ul>
    </Panel>
  );
}
