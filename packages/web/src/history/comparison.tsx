import { useInfiniteQuery } from "@tanstack/react-query";
import { Equal, GitCompareArrows } from "lucide-react";
import type { Owner } from "../api/owner.ts";
import { Failed } from "../ui/boundary.tsx";
import { Button } from "../ui/button.tsx";
import { formatNumber } from "../ui/format.ts";
import { Message } from "../ui/message.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { EntryLine } from "./entry-list.tsx";
import { betweenQuery } from "./query.ts";
import type { ChangesSearch } from "./search.ts";

/** The net difference between two moments: what came and went in between is no part of it. */
export function Comparison({ owner, search }: { owner: Owner; search: ChangesSearch }) {
  const { dataset, from, to } = search;
  if (dataset === undefined || from === undefined) {
    return (
      <Message icon={GitCompareArrows} title="Choose a dataset and from when">
        You see what is new, gone and different between then and now, or between two days.
      </Message>
    );
  }
  return <Difference owner={owner} dataset={dataset} from={from} to={to} />;
}

interface DifferenceProps {
  owner: Owner;
  dataset: string;
  from: string;
  to: string | undefined;
}

function Difference({ owner, dataset, from, to }: DifferenceProps) {
  const changes = useInfiniteQuery(betweenQuery(owner, dataset, from, to));
  if (changes.isPending) return <SkeletonRows rows={10} />;
  if (changes.isError) return <Failed error={changes.error} onRetry={() => void changes.refetch()} />;
  const entries = changes.data.pages.flatMap((page) => page.data);
  const counts = changes.data.pages[0]?.meta;
  return (
    <>
      <p className="nums flex flex-wrap gap-x-4 border-line border-b px-3.5 py-2 text-xs" data-testid="difference">
        <span className="text-fresh">{formatNumber(counts?.added ?? 0)} new</span>
        <span className="text-failed">{formatNumber(counts?.removed ?? 0)} gone</span>
        <span className="text-accent">{formatNumber(counts?.changed ?? 0)} different</span>
      </p>
      {entries.length === 0 ? (
        <Message icon={Equal} title="No difference">
          The dataset is the same at both moments.
        </Message>
      ) : null}
      <ul>
        {entries.map((entry) => (
          <EntryLine key={entry.id} owner={owner} entry={entry} />
        ))}
      </ul>
      {changes.hasNextPage ? (
        <div className="border-line border-t p-2">
          <Button className="w-full" disabled={changes.isFetchingNextPage} onClick={() => void changes.fetchNextPage()}>
            Show more
          </Button>
        </div>
      ) : null}
    </>
  );
}
