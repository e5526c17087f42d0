import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Archive } from "lucide-react";
import type { InactiveCorporation } from "../api/contract.ts";
import { formatDate, humanise } from "../ui/format.ts";
import { Message } from "../ui/message.tsx";
import { Panel } from "../ui/panel.tsx";
import { inactiveQuery } from "./query.ts";

/** Corporations whose data is no longer fetched, with links to export or remove them. */
export function InactiveCorporations() {
  const { data: corporations } = useSuspenseQuery(inactiveQuery);
  return (
    <Panel title="Inactive corporations" note="Their data is no longer fetched, and is deleted on the day shown">
      {corporations.length === 0 ? (
        <Message icon={Archive} title="Every corporation is active">
          A corporation that was closed in the game, or of which EVE confirms no director, is listed here for thirty
          days.
        </Message>
      ) : (
        <ul>
          {corporations.map((corporation) => (
            <Item key={corporation.corporationId} corporation={corporation} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Item({ corporation }: { corporation: InactiveCorporation }) {
  const { corporationId, name, ticker, status, statusSince, deleteAt } = corporation;
  return (
    <li className="flex flex-wrap items-baseline gap-x-3 gap-y-1 border-line/60 border-b px-3.5 py-2.5 last:border-0">
      <Link
        to="/corporations/$corporationId"
        params={{ corporationId }}
        className="font-medium text-ink hover:underline"
      >
        {name} [{ticker}]
      </Link>
      <span className="text-muted">
        {humanise(status)} since {formatDate(statusSince)}
      </span>
      <span className="ml-auto text-muted">Deleted on {formatDate(deleteAt)}</span>
    </li>
  );
}
