import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { LayoutDashboard, Search, ShieldCheck, UsersRound } from "lucide-react";
import type { CorporationSummary } from "../api/contract.ts";
import { corporationsQuery } from "../corporation/query.ts";
import { sessionQuery } from "../session/query.ts";
import { Dot, type Tone } from "../ui/badge.tsx";
import { Boundary } from "../ui/boundary.tsx";
import { EveImage } from "../ui/eve-image.tsx";
import { Kbd } from "../ui/kbd.tsx";
import { Mark } from "../ui/mark.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";

const link =
  "flex h-8 items-center gap-2.5 rounded-md px-2 text-soft hover:bg-hover/70 hover:text-ink data-[status=active]:bg-hover data-[status=active]:font-medium data-[status=active]:text-ink [&>svg]:size-4 [&>svg]:text-muted";

export function Sidebar({ onPalette }: { onPalette: () => void }) {
  return (
    <div className="flex h-full flex-col gap-4 px-2.5 py-3">
      <Link to="/dashboard" className="flex h-7 items-center gap-2 px-1.5">
        <Mark />
        <span className="font-semibold text-ink text-sm tracking-tight">TAPI</span>
      </Link>
      <button
        type="button"
        onClick={onPalette}
        data-testid="open-palette"
        className="flex h-8 items-center gap-2 rounded-md border border-line bg-void/60 px-2.5 text-faint hover:border-line-strong hover:text-soft"
      >
        <Search className="size-3.5" aria-hidden />
        <span className="grow text-left">Go to…</span>
        <Kbd>Ctrl K</Kbd>
      </button>
      <nav aria-label="Main" className="flex min-h-0 grow flex-col gap-0.5">
        <Link to="/dashboard" className={link}>
          <LayoutDashboard aria-hidden />
          Dashboard
        </Link>
        <Link to="/characters" className={link}>
          <UsersRound aria-hidden />
          Characters
        </Link>
        <Administration />
        <h2 className="mt-4 px-2 pb-1 font-medium text-2xs text-faint">Corporations</h2>
        <div className="scroll-quiet flex min-h-0 flex-col gap-0.5 overflow-y-auto">
          <Boundary fallback={<SkeletonRows rows={3} />}>
            <Corporations />
          </Boundary>
        </div>
      </nav>
      <a href="/api/docs" className="px-2 text-faint text-xs hover:text-soft">
        API reference
      </a>
    </div>
  );
}

function Administration() {
  const { data: session } = useQuery(sessionQuery);
  if (!session?.user?.admin) return null;
  return (
    <Link to="/admin" className={link} activeOptions={{ includeSearch: false }} data-testid="open-admin">
      <ShieldCheck aria-hidden />
      Administration
    </Link>
  );
}

function Corporations() {
  const { data: corporations } = useSuspenseQuery(corporationsQuery);
  if (corporations.length === 0) return <p className="px-2 text-faint text-xs">None added yet</p>;
  return corporations.map((corporation) => (
    <Link
      key={corporation.corporationId}
      to="/corporations/$corporationId"
      params={{ corporationId: corporation.corporationId }}
      className={link}
    >
      <EveImage kind="corporation" id={corporation.corporationId} name={corporation.name} size={20} />
      <span className="min-w-0 grow truncate">{corporation.name}</span>
      <Dot tone={toneOf(corporation)} />
    </Link>
  ));
}

function toneOf({ blocked, stale, fresh, unread }: CorporationSummary): Tone {
  if (blocked > 0 || unread) return "failed";
  if (stale > 0) return "stale";
  return fresh > 0 ? "fresh" : "neutral";
}
