import { useQueries, useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck, ShieldAlert } from "lucide-react";
import type { ReactNode } from "react";
import { corporationOwner } from "../api/owner.ts";
import { datasetLink } from "../catalogue/links.ts";
import { charactersQuery } from "../character/query.ts";
import { RenewToken, tokenTrouble, tokenWords } from "../character/token-status.tsx";
import { corporationsQuery } from "../corporation/query.ts";
import { freshnessQuery } from "../freshness/query.ts";
import { needsAttention } from "../freshness/status.ts";
import { Panel } from "../ui/panel.tsx";

interface Trouble {
  key: string;
  title: ReactNode;
  text: string;
  remedy?: ReactNode;
}

/** Problems that need action: dead tokens, blocked and failed datasets. */
export function AttentionPanel() {
  const troubles = [...useTokenTroubles(), ...useDatasetTroubles()];
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
                {trouble.remedy ? <div className="mt-1.5">{trouble.remedy}</div> : null}
              </div>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function useTokenTroubles(): Trouble[] {
  const { data: characters } = useSuspenseQuery(charactersQuery);
  return characters.flatMap(({ characterId, name, token }) => {
    const text = tokenTrouble(token);
    if (!text) return [];
    return {
      key: `character-${characterId}`,
      title: (
        <Link to="/characters" className="text-ink hover:text-accent">
          {name}: {tokenWords(token).word.toLowerCase()}
        </Link>
      ),
      text,
      remedy: <RenewToken characterId={characterId} returnTo="/dashboard" />,
    };
  });
}

function useDatasetTroubles(): Trouble[] {
  const { data: corporations } = useSuspenseQuery(corporationsQuery);
  // A board that does not load is reported on its own card, and hides no other.
  const boards = useQueries({
    queries: corporations.map((corporation) => freshnessQuery(corporationOwner(corporation.corporationId))),
  });
  return corporations.flatMap(({ corporationId, ticker }, index) =>
    (boards[index]?.data ?? [])
      .filter((entry) => needsAttention(entry))
      .map((entry) => ({
        key: `${corporationId}-${entry.dataset}`,
        title: (
          <Link {...datasetLink(corporationOwner(corporationId), entry.dataset)} className="text-ink hover:text-accent">
            {ticker}: {entry.title} {entry.status}
          </Link>
        ),
        text: entry.lastError?.message ?? "",
      })),
  );
}
