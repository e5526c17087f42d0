import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { fold } from "@tapi/core/platform/fold";
import { SearchX } from "lucide-react";
import { useState } from "react";
import { Badge } from "../ui/badge.tsx";
import { EveImage } from "../ui/eve-image.tsx";
import { formatDate, formatNumber } from "../ui/format.ts";
import { Message } from "../ui/message.tsx";
import { notifyError } from "../ui/notify.ts";
import { Panel } from "../ui/panel.tsx";
import { Segments } from "../ui/segments.tsx";
import { type AdminOwner, ownersQuery, setTier, type Tier, tiers } from "./query.ts";

/** More are found by typing. */
const MOST_SHOWN = 100;

/** Every owner whose data is fetched, and the tier that decides how soon. */
export function OwnerList() {
  const { data: owners } = useSuspenseQuery(ownersQuery);
  const [text, setText] = useState("");
  const wanted = fold(text.trim());
  const matching = owners.filter(({ name, id, tier }) => fold(`${name} ${id} ${tier}`).includes(wanted));
  return (
    <Panel
      title="Owners"
      note="P0 is refreshed as soon as EVE has newer data, P3 at leisure"
      actions={
        <input
          data-search
          value={text}
          onChange={(event) => setText(event.target.value)}
          aria-label="Search owners"
          placeholder="Name, id or tier"
          className="h-7 w-44 rounded-md border border-line bg-void/60 px-2 text-ink text-xs outline-none focus:border-accent/70 max-sm:w-32"
        />
      }
    >
      <ul>
        {matching.slice(0, MOST_SHOWN).map((owner) => (
          <OwnerItem key={`${owner.kind}-${owner.id}`} owner={owner} />
        ))}
      </ul>
      {matching.length === 0 ? (
        <Message icon={SearchX} title="No owner matches">
          Corporations and characters are listed here as soon as their data is fetched.
        </Message>
      ) : null}
      {matching.length > MOST_SHOWN ? (
        <p className="px-3.5 py-2 text-muted text-xs">
          {formatNumber(matching.length - MOST_SHOWN)} more: type to narrow the list.
        </p>
      ) : null}
    </Panel>
  );
}

function OwnerItem({ owner }: { owner: AdminOwner }) {
  const { kind, id, name, addedAt, active } = owner;
  const queries = useQueryClient();
  const { mutate, variables, isPending } = useMutation({
    mutationFn: (tier: Tier) => setTier(owner, tier),
    onError: (error) => notifyError(`${name} keeps its tier`, { description: error.message }),
    onSettled: () => queries.invalidateQueries(ownersQuery),
  });
  return (
    <li
      data-testid={`owner-${kind}-${id}`}
      className="flex flex-wrap items-center gap-x-3 gap-y-1.5 border-line/60 border-b px-3.5 py-2 last:border-0"
    >
      <EveImage kind={kind} id={id} name={name} size={24} />
      <span className="min-w-0 truncate font-medium text-ink">{name}</span>
      <Badge>{kind}</Badge>
      {active ? null : <Badge tone="stale">inactive</Badge>}
      <span className="ml-auto text-faint text-xs">Added {formatDate(addedAt)}</span>
      <Segments
        label={`Tier of ${name}`}
        value={isPending ? variables : owner.tier}
        onChange={mutate}
        options={tiers.map((tier) => ({ value: tier, label: tier }))}
      />
    </li>
  );
}
