import { Link } from "@tanstack/react-router";
import { useSocketState } from "../api/connection.ts";
import { Age } from "../ui/age.tsx";
import { Panel } from "../ui/panel.tsx";
import { datasetLink } from "./links.ts";
import { useChanges } from "./live.ts";
import { changeWords } from "./status.ts";

const MOST_SHOWN = 8;

/** What has changed at the corporation since this page was opened. */
export function ChangeFeed({ corporationId }: { corporationId: number }) {
  const changes = useChanges().filter((change) => change.corporationId === corporationId);
  const live = useSocketState() === "open";
  return (
    <Panel title="Live changes">
      {changes.length === 0 ? (
        <p className="px-3.5 py-3 text-muted">
          {live
            ? "Nothing has changed since you opened this page. Changes appear here the moment they are seen."
            : "Waiting for the live connection."}
        </p>
      ) : (
        <ul aria-live="polite">
          {changes.slice(0, MOST_SHOWN).map((change) => (
            <li
              key={change.id}
              className="flex animate-changed items-baseline gap-3 border-line/60 border-b px-3.5 py-2 last:border-0"
            >
              <Link
                {...datasetLink(corporationId, change.dataset)}
                className="min-w-0 grow truncate text-ink hover:text-accent"
              >
                {change.title}
              </Link>
              <span className="nums shrink-0 text-accent text-xs">{changeWords(change.summary)}</span>
              <Age at={change.at} className="nums w-20 shrink-0 text-right text-faint text-xs" />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
