import { useSuspenseQueries, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Building2, CircleCheck, ShieldAlert } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { CorporationSummary } from "../api/contract.ts";
import { charactersQuery } from "../character/query.ts";
import { Badge } from "../ui/badge.tsx";
import { Boundary } from "../ui/boundary.tsx";
import { EveImage } from "../ui/eve-image.tsx";
import { formatNumber } from "../ui/format.ts";
import { Message } from "../ui/message.tsx";
import { Panel } from "../ui/panel.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { AddCorporation, AddCorporationDialog, useAddCorporation } from "./add-corporation.tsx";
import { FreshnessMeter } from "./freshness-meter.tsx";
import { datasetLink } from "./links.ts";
import { corporationsQuery, freshnessQuery } from "./query.ts";
import { needsAttention } from "./status.ts";

export function DashboardPage() {
  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-center justify-between gap-3">
        <h1 className="text-lg">Dashboard</h1>
        <AddCorporation />
      </div>
      <ReturnFromEve />
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <Boundary fallback={<Skeleton className="h-64 rounded-lg" />}>
          <Corporations />
        </Boundary>
        <Boundary fallback={<Skeleton className="h-40 rounded-lg" />}>
          <Attention />
        </Boundary>
      </div>
    </div>
  );
}

/** EVE sent the browser back with new scopes: go on adding the corporation that was chosen before. */
function ReturnFromEve() {
  const { add: chosen } = useSearch({ from: "/dashboard" });
  const navigate = useNavigate();
  const add = useAddCorporation({ askEve: false });
  const started = useRef(false);
  const [open, setOpen] = useState(chosen === "choose");
  useEffect(() => {
    if (!chosen || started.current) return;
    started.current = true;
    void navigate({ to: "/dashboard", search: {}, replace: true });
    if (typeof chosen === "number") add.mutate(chosen);
  }, [chosen, navigate, add]);
  return (
    <>
      <AddCorporationDialog open={open} onOpenChange={setOpen} />
      {add.error ? (
        <p role="alert" className="rounded-lg border border-failed/30 bg-failed/10 px-3.5 py-2.5 text-failed">
          The corporation was not added. {add.error.message}
        </p>
      ) : null}
    </>
  );
}

function Corporations() {
  const { data: corporations } = useSuspenseQuery(corporationsQuery);
  if (corporations.length === 0) {
    return (
      <Panel>
        <Message icon={Building2} title="No corporation yet" actions={<AddCorporation look="primary" />}>
          Add the corporation that one of your characters leads. Its members, wallets and assets arrive within minutes
          and stay fresh from then on.
        </Message>
      </Panel>
    );
  }
  return (
    <div className="grid gap-3 md:grid-cols-2">
      {corporations.map((corporation) => (
        <CorporationCard key={corporation.corporationId} corporation={corporation} />
      ))}
    </div>
  );
}

function CorporationCard({ corporation }: { corporation: CorporationSummary }) {
  const { corporationId, name, ticker, memberCount, tier, blocked } = corporation;
  return (
    <Link
      to="/corporations/$corporationId"
      params={{ corporationId }}
      data-testid={`corporation-${corporationId}`}
      className="flex flex-col gap-4 rounded-lg border border-line bg-base p-4 transition-colors hover:border-line-strong hover:bg-panel"
    >
      <div className="flex items-center gap-3">
        <EveImage kind="corporation" id={corporationId} name={name} size={40} />
        <div className="min-w-0 grow">
          <div className="truncate font-semibold text-ink text-sm">{name}</div>
          <div className="nums truncate text-muted">
            {ticker}
            {memberCount === undefined ? "" : ` · ${formatNumber(memberCount)} members`} · {tier}
          </div>
        </div>
        {blocked > 0 ? <Badge tone="failed">{blocked} blocked</Badge> : null}
      </div>
      <FreshnessMeter {...corporation} />
    </Link>
  );
}

interface Trouble {
  key: string;
  title: ReactNode;
  text: string;
}

/** What somebody has to do something about: blocked and failed datasets, dead tokens. */
function Attention() {
  const { data: corporations } = useSuspenseQuery(corporationsQuery);
  const { data: characters } = useSuspenseQuery(charactersQuery);
  const boards = useSuspenseQueries({
    queries: corporations.map((corporation) => freshnessQuery(corporation.corporationId)),
  });
  const troubles: Trouble[] = [
    ...characters
      .filter((character) => character.token.status === "dead")
      .map((character) => ({
        key: `character-${character.characterId}`,
        title: (
          <Link to="/characters" className="text-ink hover:text-accent">
            {character.name}'s token is dead
          </Link>
        ),
        text: character.token.message ?? "Log in with this character again to mend it.",
      })),
    ...corporations.flatMap((corporation, index) =>
      (boards[index]?.data ?? [])
        .filter((entry) => needsAttention(entry.status))
        .map((entry) => ({
          key: `${corporation.corporationId}-${entry.dataset}`,
          title: (
            <Link {...datasetLink(corporation.corporationId, entry.dataset)} className="text-ink hover:text-accent">
              {corporation.ticker}: {entry.title} {entry.status}
            </Link>
          ),
          text: entry.lastError?.message ?? "",
        })),
    ),
  ];
  return (
    <Panel title="Needs attention" note={troubles.length > 0 ? troubles.length : null}>
      {troubles.length === 0 ? (
        <p className="flex items-center gap-2 px-3.5 py-3 text-muted">
          <CircleCheck className="size-4 text-fresh" aria-hidden />
          Nothing. All tokens work, and nothing is blocked.
        </p>
      ) : (
        <ul>
          {troubles.map((trouble) => (
            <li key={trouble.key} className="flex gap-2.5 border-line/60 border-b px-3.5 py-2.5 last:border-0">
              <ShieldAlert className="mt-0.5 size-4 shrink-0 text-failed" aria-hidden />
              <div className="min-w-0">
                <div className="font-medium">{trouble.title}</div>
                <p className="text-muted text-xs">{trouble.text}</p>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
