import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { QueueState } from "../api/contract.ts";
import { Boundary } from "../ui/boundary.tsx";
import { formatNumber } from "../ui/format.ts";
import { usePageTitle } from "../ui/page-title.ts";
import { Segments } from "../ui/segments.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { Stat, StatStrip } from "../ui/stat.tsx";
import { AuditLog } from "./audit-log.tsx";
import { DeadLetters } from "./dead-letters.tsx";
import { InactiveCorporations } from "./inactive-corporations.tsx";
import { OwnerList } from "./owner-list.tsx";
import { queuesQuery } from "./query.ts";
import { QueueTable } from "./queue-table.tsx";
import { type AdminPart, adminParts } from "./search.ts";

const titles: Record<AdminPart, string> = {
  "dead-letters": "Dead letters",
  queues: "Queues",
  owners: "Owners and tiers",
  corporations: "Inactive corporations",
  audit: "Audit log",
};

export function AdminPage() {
  usePageTitle("Administration");
  const { part = "dead-letters" } = useSearch({ from: "/admin" });
  const navigate = useNavigate({ from: "/admin" });
  return (
    <div className="flex flex-col gap-4" data-testid="admin">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="text-lg">Administration</h1>
        <Segments
          label="Part"
          value={part}
          onChange={(next) => void navigate({ search: next === "dead-letters" ? {} : { part: next } })}
          options={adminParts.map((value) => ({ value, label: titles[value] }))}
        />
      </div>
      <Boundary fallback={<Skeleton className="h-20 rounded-lg" />}>
        <Figures />
      </Boundary>
      <Boundary key={part} fallback={<Skeleton className="h-96 rounded-lg" />}>
        <Part part={part} />
      </Boundary>
    </div>
  );
}

function Part({ part }: { part: AdminPart }) {
  if (part === "dead-letters") return <DeadLetters />;
  if (part === "queues") return <QueueTable />;
  if (part === "owners") return <OwnerList />;
  return part === "corporations" ? <InactiveCorporations /> : <AuditLog />;
}

function Figures() {
  const { data: queues } = useSuspenseQuery(queuesQuery);
  const sum = (of: "waiting" | "inFlight" | "deadLetters") => queues.reduce((total, queue) => total + queue[of], 0);
  const depth = ({ waiting, inFlight }: QueueState) => waiting + inFlight;
  const fullest = [...queues].sort((a, b) => depth(b) - depth(a))[0];
  const dead = sum("deadLetters");
  return (
    <StatStrip>
      <Stat title="Dead letters" testId="stat-dead-letters" value={dead} note="Failed for good, nothing lost">
        <span className={dead > 0 ? "text-failed" : undefined}>{formatNumber(dead)}</span>
      </Stat>
      <Stat title="Waiting" value={sum("waiting")} note={`In ${queues.length} queues`}>
        {formatNumber(sum("waiting"))}
      </Stat>
      <Stat title="In flight" value={sum("inFlight")} note="Being worked on">
        {formatNumber(sum("inFlight"))}
      </Stat>
      <Stat
        title="Fullest queue"
        note={fullest && depth(fullest) > 0 ? `${formatNumber(depth(fullest))} in it` : "All empty"}
      >
        {fullest && depth(fullest) > 0 ? fullest.queue : "–"}
      </Stat>
    </StatStrip>
  );
}
