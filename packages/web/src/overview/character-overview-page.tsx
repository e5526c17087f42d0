import { useOwner } from "../catalogue/links.ts";
import { FreshnessBoard } from "../freshness/freshness-board.tsx";
import { ChangeFeed } from "../history/change-feed.tsx";
import { Boundary } from "../ui/boundary.tsx";
import { Skeleton } from "../ui/skeleton.tsx";

/** How fresh a character's datasets are, and what changed in them last. */
export function CharacterOverviewPage() {
  const owner = useOwner();
  return (
    <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_21rem]">
      <Boundary fallback={<Skeleton className="h-96 rounded-lg" />}>
        <FreshnessBoard owner={owner} />
      </Boundary>
      <ChangeFeed owner={owner} />
    </div>
  );
}
