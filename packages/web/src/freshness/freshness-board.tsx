import { useSuspenseQuery } from "@tanstack/react-query";
import { ChevronRight, Search, SearchX } from "lucide-react";
import { useState } from "react";
import { useNow } from "../api/clock.ts";
import type { Freshness } from "../api/contract.ts";
import type { Owner } from "../api/owner.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { cx } from "../ui/cx.ts";
import { Message } from "../ui/message.tsx";
import { Panel } from "../ui/panel.tsx";
import { useStored } from "../ui/stored.ts";
import { FreshnessRow } from "./freshness-row.tsx";
import { freshnessQuery } from "./query.ts";
import { RefreshAll } from "./refresh-all.tsx";
import { type Group, groupBoard, isOnTime, needsAttention } from "./status.ts";

/** Every dataset of an owner by group: its age, the next refresh, who fetched it, and its last error. */
export function FreshnessBoard({ owner }: { owner: Owner }) {
  const { data: board } = useSuspenseQuery(freshnessQuery(owner));
  const [text, setText] = useState("");
  const [closed, setClosed] = useStored<string[]>("tapi.board.closed", []);
  const now = useNow(10_000);
  const onTime = board.filter((entry) => isOnTime(entry, now)).length;
  const trouble = board.filter((entry) => needsAttention(entry)).length;
  const groups = groupBoard(board, text);
  const allClosed = groups.every(({ name }) => closed.includes(name));
  return (
    <Panel
      title="Freshness"
      note={`${onTime} of ${board.length} on time`}
      actions={
        <>
          {trouble > 0 ? (
            <Badge tone="failed">
              {trouble} {trouble === 1 ? "needs" : "need"} attention
            </Badge>
          ) : null}
          <label className="flex h-7 w-40 items-center gap-1.5 rounded-md border border-line bg-void/60 px-2 focus-within:border-accent/70 max-sm:w-28">
            <Search className="size-3.5 shrink-0 text-faint" aria-hidden />
            <input
              data-search
              value={text}
              onChange={(event) => setText(event.target.value)}
              aria-label="Search datasets"
              placeholder="Dataset or state"
              className="min-w-0 grow bg-transparent text-ink text-xs outline-none"
            />
          </label>
          <RefreshAll owner={owner} />
          <Button
            look="quiet"
            size="small"
            className="max-sm:hidden"
            onClick={() => setClosed(allClosed ? [] : groups.map(({ name }) => name))}
          >
            {allClosed ? "Open all" : "Close all"}
          </Button>
        </>
      }
      className="@container"
    >
      <div
        aria-hidden
        className="@3xl:grid hidden grid-cols-[minmax(12rem,2fr)_6rem_6rem_4rem_minmax(7rem,1fr)_3rem_7.25rem] gap-x-3 border-line border-b px-3.5 py-1.5 text-2xs text-faint"
      >
        <span>Dataset</span>
        <span>Refreshed</span>
        <span>Next</span>
        <span className="text-right">Rows</span>
        <span>{owner.kind === "corporation" ? "Director" : "Character"}</span>
        <span className="text-right">Tokens</span>
        <span className="pl-2">Refresh now</span>
      </div>
      {groups.map((group) => (
        <BoardGroup
          key={group.name}
          owner={owner}
          group={group}
          // Search results are shown in closed groups too.
          open={text !== "" || !closed.includes(group.name)}
          onToggle={() =>
            setClosed(
              closed.includes(group.name) ? closed.filter((name) => name !== group.name) : [...closed, group.name],
            )
          }
        />
      ))}
      {groups.length === 0 ? (
        <Message icon={SearchX} title="No dataset matches" actions={<Button onClick={() => setText("")}>Clear</Button>}>
          Search by a part of its name, or by a state such as stale or blocked.
        </Message>
      ) : null}
    </Panel>
  );
}

interface BoardGroupProps {
  owner: Owner;
  group: Group<Freshness>;
  open: boolean;
  onToggle: () => void;
}

function BoardGroup({ owner, group: { name, entries }, open, onToggle }: BoardGroupProps) {
  const now = useNow(10_000);
  const onTime = entries.filter((entry) => isOnTime(entry, now)).length;
  const trouble = entries.filter((entry) => needsAttention(entry)).length;
  return (
    <section className="border-line border-b last:border-0">
      <h3>
        <button
          type="button"
          aria-expanded={open}
          onClick={onToggle}
          className="flex h-8 w-full items-center gap-1.5 bg-raised/40 px-2.5 text-left text-xs -outline-offset-2 hover:bg-raised"
        >
          <ChevronRight className={cx("size-3.5 text-faint transition-transform", open && "rotate-90")} aria-hidden />
          <span className="font-medium text-soft">{name}</span>
          <span className={cx("nums ml-auto", onTime === entries.length ? "text-fresh" : "text-muted")}>
            {onTime}/{entries.length}
          </span>
          {trouble > 0 ? <Badge tone="failed">{trouble}</Badge> : null}
        </button>
      </h3>
      <ul hidden={!open}>
        {entries.map((entry) => (
          <FreshnessRow key={entry.dataset} owner={owner} entry={entry} />
        ))}
      </ul>
    </section>
  );
}
