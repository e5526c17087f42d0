import { useQuery, useSuspenseQueries } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { UserPlus } from "lucide-react";
import { catalogueQuery } from "../catalogue/query.ts";
import { charactersQuery } from "../character/query.ts";
import { loginUrl } from "../session/query.ts";
import { Boundary } from "../ui/boundary.tsx";
import { Button } from "../ui/button.tsx";
import { Panel } from "../ui/panel.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { Stat, StatStrip } from "../ui/stat.tsx";
import { AccessMatrix } from "./access-matrix.tsx";
import { coverage } from "./coverage.ts";
import { DirectorCard } from "./director-card.tsx";
import { NoDirectors } from "./no-directors.tsx";
import { directorsQuery } from "./query.ts";

export function DirectorsPage() {
  const { corporationId } = useParams({ from: "/corporations/$corporationId/directors" });
  return (
    <Boundary fallback={<Skeleton className="h-96 rounded-lg" />}>
      <Board corporationId={corporationId} />
    </Boundary>
  );
}

/** Who fetches for this corporation, what each may fetch, what is left of each one's budgets, and what to do. */
function Board({ corporationId }: { corporationId: number }) {
  const [{ data: directors }, { data: datasets }] = useSuspenseQueries({
    queries: [directorsQuery(corporationId), catalogueQuery("corporation")],
  });
  const characters = useQuery(charactersQuery).data ?? [];
  const here = `/corporations/${corporationId}/directors`;
  const loginOf = (characterId: number) =>
    characters.some((character) => character.characterId === characterId)
      ? loginUrl("corporation", here, characterId)
      : undefined;
  const add = loginUrl("corporation", here);
  if (directors.length === 0) {
    return (
      <Panel>
        <NoDirectors login={add} />
      </Panel>
    );
  }
  const rows = coverage(datasets, directors);
  const all = rows.flatMap((row) => row.datasets);
  const uncovered = all.filter(({ able }) => able === 0);
  const single = all.filter(({ able }) => able === 1);
  const tokens = directors.flatMap(({ buckets }) => buckets);
  const left = tokens.reduce((sum, { remaining }) => sum + remaining, 0);
  const most = tokens.reduce((sum, { max }) => sum + max, 0);
  return (
    <div className="flex flex-col gap-4">
      <StatStrip>
        <Stat title="Directors" note={`${directors.filter(({ healthy }) => healthy).length} healthy`}>
          {directors.length}
        </Stat>
        <Stat title="Datasets covered" note={uncovered.length > 0 ? `${uncovered.length} nobody can fetch` : "All"}>
          <span className={uncovered.length > 0 ? "text-failed" : undefined}>
            {all.length - uncovered.length}/{all.length}
          </span>
        </Stat>
        <Stat title="Depend on one director" note="A second one keeps them fresh if the first fails">
          <span className={single.length > 0 ? "text-stale" : undefined}>{single.length}</span>
        </Stat>
        <Stat title="Budget left" note="Of the requests that EVE allows in 15 minutes">
          {most > 0 ? `${Math.round((left / most) * 100)} %` : "–"}
        </Stat>
      </StatStrip>
      <div className="flex items-center justify-between gap-3">
        <h2 className="text-sm">Directors</h2>
        <Button asChild>
          <a href={add}>
            <UserPlus />
            Add a director
          </a>
        </Button>
      </div>
      <ul className="grid gap-4 xl:grid-cols-2">
        {directors.map((director) => (
          <DirectorCard
            key={director.characterId}
            corporationId={corporationId}
            director={director}
            isAlone={directors.length === 1}
            login={loginOf(director.characterId)}
          />
        ))}
      </ul>
      <AccessMatrix corporationId={corporationId} rows={rows} directors={directors} />
    </div>
  );
}
