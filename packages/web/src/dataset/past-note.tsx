import { Link } from "@tanstack/react-router";
import { History } from "lucide-react";
import type { Owner } from "../api/owner.ts";
import { changesLink } from "../catalogue/links.ts";
import { Age } from "../ui/age.tsx";
import { Button } from "../ui/button.tsx";
import { formatDate, formatDateTime } from "../ui/format.ts";

interface PastNoteProps {
  owner: Owner;
  dataset: string;
  /** A day or a moment in UTC. */
  at: string;
  onBack: () => void;
}

/** Marks the rows as of a moment in the past. */
export function PastNote({ owner, dataset, at, onBack }: PastNoteProps) {
  return (
    <div
      role="status"
      data-testid="as-of"
      className="flex flex-wrap items-center gap-x-3 gap-y-1.5 border-stale/30 border-b bg-stale/10 px-3 py-1.5 text-stale"
    >
      <History className="size-4 shrink-0" aria-hidden />
      <span className="nums min-w-0 grow">
        As it was at {at.length > 10 ? formatDateTime(at) : `the end of ${formatDate(at)}`}, <Age at={at} />
      </span>
      <Button asChild look="quiet" size="small">
        <Link {...changesLink(owner)} search={{ dataset, compare: true, from: at } as never}>
          What changed since
        </Link>
      </Button>
      <Button size="small" onClick={onBack}>
        Back to now
      </Button>
    </div>
  );
}
