import { useInfiniteQuery } from "@tanstack/react-query";
import { ScrollText } from "lucide-react";
import type { AuditEntry } from "../api/contract.ts";
import { Age } from "../ui/age.tsx";
import { Badge, type Tone } from "../ui/badge.tsx";
import { Failed } from "../ui/boundary.tsx";
import { Button } from "../ui/button.tsx";
import { formatCount, formatDateTime, humanise } from "../ui/format.ts";
import { Message } from "../ui/message.tsx";
import { Panel } from "../ui/panel.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { auditQuery } from "./query.ts";

const tones: Record<string, Tone> = { "dead_letter.redriven": "accent", "dead_letter.discarded": "failed" };

/** What administrators did. Nothing here is ever changed or deleted. */
export function AuditLog() {
  const entries = useInfiniteQuery(auditQuery);
  if (entries.isPending) return <SkeletonRows />;
  if (entries.isError) return <Failed error={entries.error} onRetry={() => void entries.refetch()} />;
  const rows = entries.data.pages.flatMap((page) => page.data);
  return (
    <Panel title="Audit log" note="What administrators did, newest first">
      {rows.length === 0 ? (
        <Message icon={ScrollText} title="Nothing has been done yet">
          Dead letters sent back or discarded are listed here, with who did it and why.
        </Message>
      ) : (
        <ol>
          {rows.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </ol>
      )}
      {entries.hasNextPage ? (
        <div className="p-2">
          <Button className="w-full" disabled={entries.isFetchingNextPage} onClick={() => void entries.fetchNextPage()}>
            Show more
          </Button>
        </div>
      ) : null}
    </Panel>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const { queue, count, messageId } = entry.subject;
  return (
    <li className="flex flex-wrap items-baseline gap-x-3 gap-y-1 border-line/60 border-b px-3.5 py-2.5 last:border-0">
      <Badge tone={tones[entry.action] ?? "neutral"}>{humanise(entry.action.replaceAll(".", " "))}</Badge>
      <span className="font-medium text-ink">{entry.by}</span>
      <span className="text-muted">
        {typeof queue === "string" ? queue : ""}
        {typeof count === "number" ? ` · ${formatCount(count, "message")}` : ""}
        {typeof messageId === "string" ? (
          <code className="ml-2 text-faint text-xs">{messageId.slice(0, 8)}</code>
        ) : null}
      </span>
      <span className="nums ml-auto text-faint text-xs" title={formatDateTime(entry.at)}>
        <Age at={entry.at} />
      </span>
      {entry.reason ? <p className="w-full text-pretty">“{entry.reason}”</p> : null}
      {typeof entry.subject.body === "string" ? (
        <details className="w-full text-xs">
          <summary className="text-faint hover:text-soft">The message</summary>
          <pre className="wrap-anywhere mt-1 whitespace-pre-wrap rounded-md bg-void/60 p-2 font-mono text-muted">
            {entry.subject.body}
          </pre>
        </details>
      ) : null}
    </li>
  );
}
