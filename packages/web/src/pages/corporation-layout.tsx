import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Outlet, useParams } from "@tanstack/react-router";
import type { CorporationInfo } from "../api/contract.ts";
import { corporationOwner } from "../api/owner.ts";
import { usePlace } from "../catalogue/links.ts";
import { catalogueQuery } from "../catalogue/query.ts";
import { pageNameOf } from "../catalogue/sections.ts";
import { corporationQuery } from "../corporation/query.ts";
import { Badge } from "../ui/badge.tsx";
import { Boundary, isMissing } from "../ui/boundary.tsx";
import { Button } from "../ui/button.tsx";
import { EveImage } from "../ui/eve-image.tsx";
import { formatDate } from "../ui/format.ts";
import { usePageTitle } from "../ui/page-title.ts";
import { PageSkeleton } from "../ui/skeleton.tsx";
import { SectionNav } from "./section-nav.tsx";

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
  const { data: datasets } = useSuspenseQuery(catalogueQuery("corporation"));
  const { data: corporation, error, refetch } = useQuery(corporationQuery(corporationId));
  // A corporation that does not exist has no page; any other failure is shown here, and the rest of the page works.
  if (error && !corporation && isMissing(error)) throw error;
  const { page, dataset } = usePlace();
  usePageTitle(pageNameOf(datasets, page, dataset), corporation?.name ?? "Corporation");
  return (
    <header className="mb-4 flex flex-col gap-3">
      <div className="flex items-center gap-3">
        <EveImage kind="corporation" id={corporationId} name={corporation?.name ?? ""} size={44} />
        <div className="min-w-0">
          <h1 className="flex items-center gap-2 text-lg leading-6">
            <span className="truncate">{corporation?.name ?? `Corporation ${corporationId}`}</span>
            {corporation ? <Badge>{corporation.ticker}</Badge> : null}
          </h1>
          {corporation ? <Affiliation corporation={corporation} /> : null}
          {error && !corporation ? (
            <p role="alert" className="text-failed">
              Its name and alliance did not load: {error.message}{" "}
              <Button look="quiet" size="small" onClick={() => void refetch()}>
                Try again
              </Button>
            </p>
          ) : null}
        </div>
      </div>
      {corporation?.inactive ? <Inactive inactive={corporation.inactive} /> : null}
      <SectionNav owner={corporationOwner(corporationId)} />
    </header>
  );
}

function Inactive({ inactive }: { inactive: NonNullable<CorporationInfo["inactive"]> }) {
  const { status, since, deleteAt } = inactive;
  return (
    <p role="status" className="rounded-md border border-line bg-raised px-3 py-2 text-pretty text-soft">
      {status === "closed" ? "It was closed in the game." : "EVE confirms none of its directors."} Nothing has been
      fetched since {formatDate(since)}. Everything that is stored is deleted on {formatDate(deleteAt)}, unless one of
      its directors adds it again before.
    </p>
  );
}

function Affiliation({ corporation }: { corporation: CorporationInfo }) {
  const { allianceName, allianceId, ceoName } = corporation;
  return (
    <p className="truncate text-muted">
      {allianceName ?? (allianceId ? "In an alliance" : "No alliance")}
      {ceoName ? ` · CEO ${ceoName}` : ""}
    </p>
  );
}
