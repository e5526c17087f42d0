import { useSuspenseQueries } from "@tanstack/react-query";
import { Link, Outlet, useParams } from "@tanstack/react-router";
import { ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { datasetsQuery } from "../dataset/query.ts";
import { Badge } from "../ui/badge.tsx";
import { Boundary } from "../ui/boundary.tsx";
import { cx } from "../ui/cx.ts";
import { EveImage } from "../ui/eve-image.tsx";
import { Menu, MenuItem, MenuLabel } from "../ui/menu.tsx";
import { usePageTitle } from "../ui/page-title.ts";
import { PageSkeleton } from "../ui/skeleton.tsx";
import { datasetLink } from "./links.ts";
import { corporationQuery } from "./query.ts";

/** Datasets that the tabs already show. */
const onTabs = new Set([
  "public-info",
  "members",
  "member-tracking",
  "wallets",
  "wallet-journal",
  "wallet-transactions",
  "assets",
]);

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
    queries: [corporationQuery(corporationId), datasetsQuery],
  });
  usePageTitle(corporation.name);
  const params = { corporationId };
  const others = datasets.filter((dataset) => !onTabs.has(dataset.name));
  const groups = [...new Set(others.map((dataset) => dataset.group))];
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
      <nav
        aria-label="Corporation"
        className="-mx-4 flex gap-0.5 overflow-x-auto border-line border-b px-4 sm:mx-0 sm:px-0"
      >
        <Tab>
          <Link to="/corporations/$corporationId" params={params} activeOptions={{ exact: true, includeSearch: false }}>
            Overview
          </Link>
        </Tab>
        <Tab>
          <Link to="/corporations/$corporationId/members" params={params} activeOptions={{ includeSearch: false }}>
            Members
          </Link>
        </Tab>
        <Tab>
          <Link to="/corporations/$corporationId/wallet" params={params} activeOptions={{ includeSearch: false }}>
            Wallet
          </Link>
        </Tab>
        <Tab>
          <Link to="/corporations/$corporationId/assets" params={params} activeOptions={{ includeSearch: false }}>
            Assets
          </Link>
        </Tab>
        {others.length > 0 ? (
          <Menu
            trigger={
              <button type="button" className="flex h-9 shrink-0 items-center gap-1 px-3 text-muted hover:text-ink">
                More
                <ChevronDown className="size-3.5" aria-hidden />
              </button>
            }
          >
            {groups.map((group) => (
              <div key={group}>
                <MenuLabel>{group}</MenuLabel>
                {others
                  .filter((dataset) => dataset.group === group)
                  .map((dataset) => (
                    <MenuItem key={dataset.name} asChild>
                      <Link {...datasetLink(corporationId, dataset.name)}>{dataset.title}</Link>
                    </MenuItem>
                  ))}
              </div>
            ))}
          </Menu>
        ) : null}
      </nav>
    </header>
  );
}

function Tab({ children }: { children: ReactNode }) {
  return (
    <span
      className={cx(
        "[&_a]:-mb-px [&_a]:flex [&_a]:h-9 [&_a]:items-center [&_a]:border-transparent [&_a]:border-b-2 [&_a]:px-3 [&_a]:text-muted hover:[&_a]:text-ink",
        "[&_a[data-status=active]]:border-accent [&_a[data-status=active]]:font-medium [&_a[data-status=active]]:text-ink",
      )}
    >
      {children}
    </span>
  );
}
