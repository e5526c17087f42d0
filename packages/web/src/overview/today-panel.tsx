import { useQueries, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import { useState } from "react";
import { useNow } from "../api/clock.ts";
import type { Owner } from "../api/owner.ts";
import { datasetLink } from "../catalogue/links.ts";
import { allRowsQuery } from "../dataset/query.ts";
import { directorsQuery } from "../director/query.ts";
import { freshnessQuery } from "../freshness/query.ts";
import { Dot } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { formatAge, formatDateTime } from "../ui/format.ts";
import { Panel } from "../ui/panel.tsx";
import {
  boardConcerns,
  type Concern,
  checkedLists,
  contractConcerns,
  directorConcerns,
  extractionConcerns,
  inOrder,
  jobConcerns,
  notFetched,
  starbaseConcerns,
  structureConcerns,
} from "./concerns.ts";

const SHOWN_FIRST = 6;

/** Problems that somebody should act on today. */
export function TodayPanel({ owner }: { owner: Owner }) {
  const { concerns, notRead, failed, pending } = useConcerns(owner);
  const [all, setAll] = useState(false);
  return (
    <Panel title="Needs attention today" note={concerns.length > 0 ? concerns.length : null} data-testid="today">
      {concerns.length === 0 ? (
        <Nothing pending={pending} isKnown={notRead.length === 0 && failed.length === 0} />
      ) : (
        <ul className="grid md:grid-cols-2">
          {concerns.slice(0, all ? undefined : SHOWN_FIRST).map((concern) => (
            <Item key={concern.key} owner={owner} concern={concern} />
          ))}
        </ul>
      )}
      {notRead.length > 0 ? (
        <p className="border-line/60 border-t px-3.5 py-2 text-muted text-xs">
          Not read yet: {notRead.join(", ").toLowerCase()}.
        </p>
      ) : null}
      {failed.length > 0 ? (
        <p role="alert" className="border-line/60 border-t px-3.5 py-2 text-failed text-xs">
          Did not load: {failed.join(", ")}.
        </p>
      ) : null}
      {concerns.length > SHOWN_FIRST ? (
        <div className="border-line border-t p-1">
          <Button look="quiet" size="small" className="w-full" onClick={() => setAll(!all)}>
            {all ? "Show fewer" : `Show all ${concerns.length}`}
          </Button>
        </div>
      ) : null}
    </Panel>
  );
}

/** Says that nothing needs attention only once everything was loaded. */
function Nothing({ pending, isKnown }: { pending: boolean; isKnown: boolean }) {
  if (pending) return <p className="px-3.5 py-3 text-muted">Looking…</p>;
  return (
    <p className="flex items-center gap-2 px-3.5 py-3 text-muted">
      {isKnown ? <CircleCheck className="size-4 text-fresh" aria-hidden /> : null}
      {isKnown ? "Nothing. Fuel, timers, jobs, contracts and directors are all in order." : "Nothing found so far."}
    </p>
  );
}

interface Concerns {
  concerns: Concern[];
  /** Titles of lists not fetched yet. */
  notRead: string[];
  /** What could not be loaded. */
  failed: string[];
  pending: boolean;
}

function useConcerns(owner: Owner): Concerns {
  const now = useNow(30_000);
  const boardQuery = useQuery(freshnessQuery(owner));
  const directorsRead = useQuery(directorsQuery(owner.id));
  const board = boardQuery.data ?? [];
  // A list that does not load must not hide the others.
  const lists = useQueries({
    queries: Object.entries(checkedLists).map(([dataset, search]) => allRowsQuery(owner, dataset, search)),
  });
  const rowsOf = (dataset: keyof typeof checkedLists) => lists[Object.keys(checkedLists).indexOf(dataset)]?.data ?? [];
  const concerns = inOrder([
    // Without an answer it is unknown whether a director is linked.
    ...(directorsRead.data ? directorConcerns(directorsRead.data) : []),
    ...boardConcerns(board),
    ...structureConcerns(rowsOf("structures"), now),
    ...starbaseConcerns(rowsOf("starbases"), rowsOf("starbase-details"), now),
    ...jobConcerns(rowsOf("industry-jobs"), now),
    ...contractConcerns(rowsOf("contracts"), now),
    ...extractionConcerns(rowsOf("mining-extractions"), now),
  ]);
  const all = [
    { name: "the freshness board", query: boardQuery },
    { name: "directors", query: directorsRead },
    ...Object.keys(checkedLists).map((name, index) => ({ name: name.replaceAll("-", " "), query: lists[index] })),
  ];
  const failed = all.filter(({ query }) => query?.isError && !query.data).map(({ name }) => name);
  return { concerns, notRead: notFetched(board), failed, pending: all.some(({ query }) => query?.isPending) };
}

function Item({ owner, concern }: { owner: Owner; concern: Concern }) {
  const now = useNow(30_000);
  const { tone, text, at, dataset } = concern;
  const words = (
    <>
      <Dot tone={tone} className="mt-1.5" />
      <span className="min-w-0 grow text-pretty">{text}</span>
      {at === undefined ? null : (
        <time
          dateTime={new Date(at).toISOString()}
          title={`${formatDateTime(at)} EVE time`}
          className="nums shrink-0 text-muted text-xs"
        >
          {formatAge(at, now)}
        </time>
      )}
    </>
  );
  const look = "flex items-start gap-2.5 px-3.5 py-2 text-ink -outline-offset-2 hover:bg-hover/50";
  return (
    <li className="border-line/60 border-b last:border-0">
      {dataset ? (
        <Link {...datasetLink(owner, dataset)} className={look}>
          {words}
        </Link>
      ) : (
        <Link to="/corporations/$corporationId/directors" params={{ corporationId: owner.id }} className={look}>
          {words}
        </Link>
      )}
    </li>
  );
}
