import { useInfiniteQuery } from "@tanstack/react-query";
import { History } from "lucide-react";
import type { Character, TokenUse } from "../api/contract.ts";
import { Age } from "../ui/age.tsx";
import { Badge, type Tone } from "../ui/badge.tsx";
import { Failed } from "../ui/boundary.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { humanise } from "../ui/format.ts";
import { Message } from "../ui/message.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { tokenUsesQuery } from "./query.ts";

interface TokenUsesProps {
  character: Character;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** The audit trail of a character's token: when, for what and by whom it was used. */
export function TokenUses({ character, open, onOpenChange }: TokenUsesProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      placement="side"
      title={`Token use of ${character.name}`}
      description="Every time the token was used, newest first."
    >
      <Trail characterId={character.characterId} />
    </Dialog>
  );
}

function Trail({ characterId }: { characterId: number }) {
  const uses = useInfiniteQuery(tokenUsesQuery(characterId));
  if (uses.isPending) return <SkeletonRows />;
  if (uses.isError) return <Failed error={uses.error} onRetry={() => void uses.refetch()} />;
  const rows = uses.data.pages.flatMap((page) => page.data);
  if (rows.length === 0) {
    return (
      <Message icon={History} title="Not used yet">
        Every use of this token is listed here.
      </Message>
    );
  }
  return (
    <>
      <ol className="-my-1 flex flex-col">
        {rows.map((use) => (
          <Use key={`${use.at}-${use.purpose}-${use.by}-${use.outcome}`} use={use} />
        ))}
      </ol>
      {uses.hasNextPage ? (
        <Button className="mt-3 w-full" disabled={uses.isFetchingNextPage} onClick={() => void uses.fetchNextPage()}>
          Show more
        </Button>
      ) : null}
    </>
  );
}

const outcomes: Record<string, Tone> = {
  used: "neutral",
  refreshed: "accent",
  refused: "failed",
  unavailable: "stale",
};

function Use({ use }: { use: TokenUse }) {
  return (
    <li className="border-line/60 border-b py-2 last:border-0">
      <div className="flex items-center gap-2">
        <span className="min-w-0 grow truncate text-ink">{humanise(use.purpose.replaceAll("-", " "))}</span>
        {use.count && use.count > 1 ? <span className="nums text-muted text-xs">{use.count} times</span> : null}
        <Badge tone={outcomes[use.outcome] ?? "neutral"}>{use.outcome}</Badge>
      </div>
      <div className="mt-0.5 flex gap-2 text-faint text-xs">
        <span className="min-w-0 grow truncate" title={use.operation}>
          {use.operation ?? use.by}
        </span>
        <Age at={use.lastAt ?? use.at} className="nums shrink-0" />
      </div>
    </li>
  );
}
