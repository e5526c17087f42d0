import { useSuspenseQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { CorporationSummary } from "../api/contract.ts";
import { corporationOwner } from "../api/owner.ts";
import { datasetLink } from "../catalogue/links.ts";
import { catalogueQuery } from "../catalogue/query.ts";
import { sectionsOf } from "../catalogue/sections.ts";
import { FreshnessMeter } from "../freshness/freshness-meter.tsx";
import { freshnessQuery } from "../freshness/query.ts";
import { isBusy, slowedWords, statusOf } from "../freshness/status.ts";
import { Age } from "../ui/age.tsx";
import { Badge, Dot } from "../ui/badge.tsx";
import { Boundary } from "../ui/boundary.tsx";
import { EveImage } from "../ui/eve-image.tsx";
import { formatCount } from "../ui/format.ts";
import { SkeletonRows } from "../ui/skeleton.tsx";

/** A corporation in short: its freshness, and the age of each section's home dataset. */
export function CorporationCard({ corporation }: { corporation: CorporationSummary }) {
  const { corporationId, name, ticker, memberCount, tier, blocked, slowed, unread } = corporation;
  return (
    <article className="@container min-w-0 rounded-lg border border-line bg-surface">
      <Link
        to="/corporations/$corporationId"
        params={{ corporationId }}
        data-testid={`corporation-${corporationId}`}
        className="flex items-center gap-3 rounded-t-lg px-4 pt-4 pb-3 hover:bg-panel"
      >
        <EveImage kind="corporation" id={corporationId} name={name} size={40} />
        <span className="min-w-0 grow">
          <span className="block truncate font-semibold text-ink text-sm">{name}</span>
          <span className="nums block truncate text-muted">
            {ticker}
            {memberCount === undefined ? "" : ` · ${formatCount(memberCount, "member")}`} · {tier}
          </span>
        </span>
        {blocked > 0 ? <Badge tone="failed">{blocked} blocked</Badge> : null}
      </Link>
      <div className="px-4 pb-3">
        {unread ? (
          <p className="text-failed text-xs">Its stored data cannot be read at the moment.</p>
        ) : (
          <FreshnessMeter {...corporation} />
        )}
        {slowed ? <p className="mt-2 text-pretty text-muted text-xs">{slowedWords}</p> : null}
      </div>
      <Boundary fallback={<SkeletonRows rows={4} />}>
        <Parts corporationId={corporationId} />
      </Boundary>
    </article>
  );
}

/** In its own boundary: a board that is slow or fails delays no other card. */
function Parts({ corporationId }: { corporationId: number }) {
  const [{ data: board }, { data: datasets }] = useSuspenseQueries({
    queries: [freshnessQuery(corporationOwner(corporationId)), catalogueQuery("corporation")],
  });
  const homes = new Set<string | undefined>(sectionsOf(datasets).map(({ home }) => home));
  return (
    <ul className="grid border-line border-t px-2 py-2 @md:grid-cols-2">
      {board
        .filter(({ dataset }) => homes.has(dataset))
        .map((entry) => (
          <li key={entry.dataset}>
            <Link
              {...datasetLink(corporationOwner(corporationId), entry.dataset)}
              className="flex items-center gap-2 rounded-md px-2 py-1 hover:bg-hover/70"
            >
              <Dot tone={statusOf(entry).tone} pulse={isBusy(entry.status)} />
              <span className="min-w-0 grow truncate">{entry.title}</span>
              <span className="nums shrink-0 text-faint text-xs">
                {entry.refreshedAt ? <Age at={entry.refreshedAt} /> : statusOf(entry).word}
              </span>
            </Link>
          </li>
        ))}
    </ul>
  );
}
