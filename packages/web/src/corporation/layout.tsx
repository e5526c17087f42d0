import { useSuspenseQueries } from "@tanstack/react-query";
import { Outlet, useLocation, useParams } from "@tanstack/react-router";
import { datasetsQuery } from "../dataset/query.ts";
import { Badge } from "../ui/badge.tsx";
import { Boundary } from "../ui/boundary.tsx";
import { EveImage } from "../ui/eve-image.tsx";
import { usePageTitle } from "../ui/page-title.ts";
import { PageSkeleton } from "../ui/skeleton.tsx";
import { corporationQuery, freshnessQuery } from "./query.ts";
import { SectionNav } from "./section-nav.tsx";
import { pageNameOf } from "./sections.ts";

export function CorporationLayout() {
  const { corporationId } = useParams({ from: "/corporations/$corporationId" });
  return (
    <Boundary key={corporationId} fallback={<PageSkeleton />}>
      <Header corporationId={corporationId} />
      <Boundary fallback={<PageSkeleton />}>
        <Outlet />
      </Boundary>
    </Boundary>
  );
}

function Header({ corporationId }: { corporationId: number }) {
  const [{ data: corporation }, { data: datasets }] = useSuspenseQueries({
    // Asked for together, since the navigation below waits for all of them.
    queries: [corporationQuery(corporationId), datasetsQuery, freshnessQuery(corporationId)],
  });
  const { dataset } = useParams({ strict: false });
  const page = useLocation({ select: ({ pathname }) => pathname.split("/")[3] ?? "" });
  usePageTitle(pageNameOf(datasets, page, dataset), corporation.name);
  return (
    <header className="mb-4 flex flex-col gap-3">
      <div className="flex items-center gap-3">
        <EveImage kind="corporation" id={corporationId} name={corporation.name} size={44} />
        <div className="min-w-0">
          <h1 className="flex items-center gap-2 text-lg leading-6">
            <span className="truncate">{corporation.name}</span>
            <Badge>{corporation.ticker}</Badge>
          </h1>
          <p className="truncate text-muted">
            {corporation.allianceName ?? (corporation.allianceId ? "In an alliance" : "No alliance")}
            {corporation.ceoName ? ` · CEO ${corporation.ceoName}` : ""}
          </p>
        </div>
      </div>
      <SectionNav corporationId={corporationId} />
    </header>
  );
}
