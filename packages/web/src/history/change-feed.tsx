import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Owner } from "../api/owner.ts";
import { changesLink } from "../catalogue/links.ts";
import { Failed } from "../ui/boundary.tsx";
import { Button } from "../ui/button.tsx";
import { Panel } from "../ui/panel.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { EntryLine } from "./entry-list.tsx";
import { feedQuery } from "./query.ts";

const MOST_SHOWN = 8;

/** The latest changes of an owner; new ones appear by themselves. */
export function ChangeFeed({ owner }: { owner: Owner }) {
  const feed = useInfiniteQuery(feedQuery(owner, {}));
  const entries = feed.data?.pages[0]?.data ?? [];
  return (
    <Panel
      title="Latest changes"
      actions={
        <Button asChild look="quiet" size="small">
          <Link {...changesLink(owner)}>All</Link>
        </Button>
      }
    >
      {feed.isPending ? <SkeletonRows rows={4} /> : null}
      {feed.isError ? <Failed error={feed.error} onRetry={() => void feed.refetch()} /> : null}
      {feed.isSuccess && entries.length === 0 ? (
        <p className="px-3.5 py-3 text-muted">Nothing has changed yet. Changes appear here the moment they are seen.</p>
      ) : null}
      <ul aria-live="polite">
        {entries.slice(0, MOST_SHOWN).map((entry) => (
          <EntryLine key={entry.id} owner={owner} entry={entry} time="age" />
        ))}
      </ul>
    </Panel>
  );
}
