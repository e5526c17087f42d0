import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useNow } from "../api/clock.ts";
import type { Freshness } from "../api/contract.ts";
import type { Owner } from "../api/owner.ts";
import { datasetLink } from "../catalogue/links.ts";
import { Age } from "../ui/age.tsx";
import { Dot } from "../ui/badge.tsx";
import { cx } from "../ui/cx.ts";
import { EveImage } from "../ui/eve-image.tsx";
import { formatAge, formatCount, formatNumber } from "../ui/format.ts";
import { Hint } from "../ui/hint.tsx";
import { RefreshButton } from "./refresh-button.tsx";
import { explain, isBusy, needsAttention, statusOf } from "./status.ts";

export function FreshnessRow({ owner, entry }: { owner: Owner; entry: Freshness }) {
  const { word, tone } = statusOf(entry);
  const [firstVersion] = useState(entry.version);
  return (
    <li
      data-testid={`freshness-${entry.dataset}`}
      data-status={entry.status}
      data-version={entry.version}
      data-rows={entry.rows}
      className="relative border-line/60 border-b px-3.5 py-1 last:border-0"
    >
      <div
        // A new version creates a new element, whose tint fades: it marks the row that changed.
        key={entry.version}
        className={cx("pointer-events-none absolute inset-0", entry.version !== firstVersion && "animate-changed")}
      />
      <div className="relative grid @3xl:grid-cols-[minmax(12rem,2fr)_6rem_6rem_4rem_minmax(7rem,1fr)_3rem_7.25rem] grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3">
        <div className="flex min-w-0 items-center gap-2.5">
          <Dot tone={tone} pulse={isBusy(entry.status)} />
          <Link {...datasetLink(owner, entry.dataset)} className="truncate font-medium text-ink hover:text-accent">
            {entry.title}
          </Link>
          {entry.status === "fresh" ? null : (
            <Hint text={explain(entry)}>
              <span className={cx("text-xs", tones[tone])}>{word}</span>
            </Hint>
          )}
        </div>
        <div className="@3xl:contents col-span-2 row-start-2 flex flex-wrap items-center gap-x-2.5 pl-4 text-muted text-xs">
          <span className="nums">{entry.refreshedAt ? <Age at={entry.refreshedAt} /> : "Never"}</span>
          <span className="nums @max-3xl:hidden">
            <Next entry={entry} />
          </span>
          <span className="nums @3xl:text-right @3xl:text-soft">
            {formatNumber(entry.rows)}
            <span className="@3xl:hidden">{entry.rows === 1 ? " row" : " rows"}</span>
          </span>
          <span className="flex min-w-0 items-center gap-1.5">
            {entry.fetcher ? (
              <>
                <EveImage kind="character" id={entry.fetcher.characterId} name={entry.fetcher.name} size={18} />
                <span className="truncate @max-3xl:sr-only">{entry.fetcher.name}</span>
              </>
            ) : (
              <span className="text-faint @max-3xl:hidden">{entry.refreshedAt ? "Public" : "–"}</span>
            )}
          </span>
          <span className="nums text-right @max-3xl:hidden">{entry.tokensSpent ?? "–"}</span>
        </div>
        <div className="@3xl:col-start-7 col-start-2 row-start-1">
          <RefreshButton owner={owner} freshness={entry} />
        </div>
      </div>
      {entry.status === "running" && entry.progress ? <ProgressBar {...entry.progress} /> : null}
      {entry.doubtful ? (
        <p className="pb-1 pl-4 text-stale text-xs">
          Rows went missing all at once. They are kept until EVE confirms it with its next answer.
        </p>
      ) : null}
      {entry.missing ? (
        <p className="pb-1 pl-4 text-stale text-xs">
          {formatCount(entry.missing.count, "entry", "entries")} missing. {entry.missing.why}
        </p>
      ) : null}
      {entry.setAside ? (
        <p className="pb-1 pl-4 text-stale text-xs">
          {formatCount(entry.setAside, "row")} of EVE's answer could not be read and{" "}
          {entry.setAside === 1 ? "was" : "were"} set aside.
        </p>
      ) : null}
      {entry.lastError && entry.status !== "fresh" ? (
        <p className={cx("pb-1 pl-4 text-xs", needsAttention(entry) ? "text-failed" : "text-stale")}>
          {entry.lastError.message}{" "}
          <span className="text-faint">
            <Age at={entry.lastError.at} />
          </span>
        </p>
      ) : null}
    </li>
  );
}

const tones = {
  fresh: "text-fresh",
  accent: "text-accent",
  neutral: "text-muted",
  stale: "text-stale",
  failed: "text-failed",
};

function Next({ entry }: { entry: Freshness }) {
  const now = useNow();
  if (isBusy(entry.status)) return "now";
  const at = entry.nextAt ?? entry.expiresAt;
  if (!at) return "–";
  const ms = Date.parse(at);
  return ms <= now ? "due" : formatAge(ms, now);
}

function ProgressBar({ done, total }: { done: number; total: number }) {
  const share = total > 0 ? Math.min(1, done / total) : 0;
  return (
    <div className="flex items-center gap-2.5 pt-0.5 pb-1 pl-4">
      <div className="h-1 grow overflow-hidden rounded-full bg-raised">
        <div className="h-full rounded-full bg-accent transition-[width]" style={{ width: `${share * 100}%` }} />
      </div>
      <span className="nums text-2xs text-muted">
        {formatNumber(done)} of {formatNumber(total)}
      </span>
    </div>
  );
}
