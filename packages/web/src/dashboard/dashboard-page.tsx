import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Building2 } from "lucide-react";
import { CharacterStrip } from "../character/character-strip.tsx";
import { AddCorporation, AddCorporationDialog } from "../corporation/add-corporation.tsx";
import { corporationsQuery } from "../corporation/query.ts";
import { Boundary } from "../ui/boundary.tsx";
import { Message } from "../ui/message.tsx";
import { usePageTitle } from "../ui/page-title.ts";
import { Panel } from "../ui/panel.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { AttentionPanel } from "./attention-panel.tsx";
import { CorporationCard } from "./corporation-card.tsx";

export function DashboardPage() {
  usePageTitle("Dashboard");
  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-center justify-between gap-3">
        <h1 className="text-lg">Dashboard</h1>
        <AddCorporation />
      </div>
      <AddByAddress />
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <Boundary fallback={<Skeleton className="h-64 rounded-lg" />}>
          <Corporations />
        </Boundary>
        <div className="flex min-w-0 flex-col gap-4">
          <Boundary fallback={<Skeleton className="h-40 rounded-lg" />}>
            <AttentionPanel />
          </Boundary>
          <Boundary fallback={<Skeleton className="h-40 rounded-lg" />}>
            <CharacterStrip />
          </Boundary>
        </div>
      </div>
    </div>
  );
}

/** `?add=choose` opens the choice of a director: the command palette leads here. */
function AddByAddress() {
  const { add } = useSearch({ from: "/dashboard" });
  const navigate = useNavigate();
  const close = () => void navigate({ to: "/dashboard", search: {}, replace: true });
  return <AddCorporationDialog open={add === "choose"} onOpenChange={(open) => open || close()} />;
}

function Corporations() {
  const { data: corporations } = useSuspenseQuery(corporationsQuery);
  if (corporations.length === 0) {
    return (
      <Panel>
        <Message icon={Building2} title="No corporation yet" actions={<AddCorporation first />}>
          Add the corporation that one of your characters leads. Its members, wallets and assets arrive within minutes
          and stay fresh from then on.
        </Message>
      </Panel>
    );
  }
  return (
    <div className="grid grid-cols-[repeat(auto-fit,minmax(min(22rem,100%),1fr))] gap-4">
      {corporations.map((corporation) => (
        <CorporationCard key={corporation.corporationId} corporation={corporation} />
      ))}
    </div>
  );
}
