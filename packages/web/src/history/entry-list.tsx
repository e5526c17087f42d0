import { Link } from "@tanstack/react-router";
import { Layers, Minus, PenLine, Plus } from "lucide-react";
import type { ChangeEntry } from "../api/contract.ts";
import type { Owner } from "../api/owner.ts";
import { datasetLink } from "../catalogue/links.ts";
import { Age } from "../ui/age.tsx";
import { cx } from "../ui/cx.ts";
import { formatDate, formatTime } from "../ui/format.ts";
import { byDay } from "./days.ts";

const marks = {
  added: { icon: Plus, look: "bg-fresh/12 text-fresh" },
  removed: { icon: Minus, look: "bg-failed/12 text-failed" },
  changed: { icon: PenLine, look: "bg-accent/12 text-accent" },
  many: { icon: Layers, look: "bg-raised text-muted" },
};

/** What happened, by day. */
export function DayList({ owner, entries }: { owner: Owner; entries: ChangeEntry[] }) {
  return byDay(entries).map(({ day, entries: found }) => (
    <section key={day}>
      <h3 className="nums sticky top-0 z-10 border-line border-y bg-panel px-3.5 py-1.5 text-muted text-xs first:border-t-0">
        {formatDate(day)}
      </h3>
      <ul>
        {found.map((entry) => (
          <EntryLine key={entry.id} owner={owner} entry={entry} time={formatTime(entry.at)} />
        ))}
      </ul>
    </section>
  ));
}

interface EntryLineProps {
  owner: Owner;
  entry: ChangeEntry;
  /** Left out where all entries have one moment; `age` where they are few and recent. */
  time?: string | "age";
}

export function EntryLine({ owner, entry, time }: EntryLineProps) {
  const { icon: Icon, look } = marks[entry.change];
  return (
    <li className="flex items-start gap-2.5 border-line/60 border-b px-3.5 py-2 last:border-0" data-testid="change">
      <span className={cx("mt-px grid size-5 shrink-0 place-items-center rounded-md", look)}>
        <Icon className="size-3" aria-hidden />
      </span>
      <span className="wrap-anywhere min-w-0 grow text-pretty text-ink">{entry.text}</span>
      {time === "age" ? null : (
        <Link
          {...datasetLink(owner, entry.dataset)}
          className="shrink-0 text-faint text-xs hover:text-accent max-sm:hidden"
        >
          {entry.title}
        </Link>
      )}
      {time === "age" ? <Age at={entry.at} className="nums shrink-0 text-faint text-xs" /> : null}
      {time && time !== "age" ? <span className="nums shrink-0 text-faint text-xs">{time}</span> : null}
    </li>
  );
}
