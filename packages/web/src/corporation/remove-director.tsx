import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { X } from "lucide-react";
import type { Director } from "../api/contract.ts";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { notify, notifyError } from "../ui/notify.ts";
import { corporationsQuery, removeDirector } from "./query.ts";

export function RemoveDirector({ corporationId, director }: { corporationId: number; director: Director }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const remove = async () => {
    try {
      await removeDirector(corporationId, director.characterId);
    } catch (error) {
      notifyError(`${director.name} stays`, { description: error instanceof Error ? error.message : undefined });
      throw error;
    }
    const mine = await queries.fetchQuery({ ...corporationsQuery, staleTime: 0 });
    if (mine.some((each) => each.corporationId === corporationId)) {
      return queries.invalidateQueries({ queryKey: ["corporation", corporationId] });
    }
    // Whoever removes the last director of their own sees the corporation no more.
    await navigate({ to: "/dashboard" });
    queries.removeQueries({ queryKey: ["corporation", corporationId] });
    notify("You see the corporation no more", { description: `${director.name} was your last director in it.` });
  };
  return (
    <Confirm
      trigger={
        <Button look="quiet" size="small-icon" aria-label={`Remove ${director.name} as a director`}>
          <X />
        </Button>
      }
      title={`Remove ${director.name} as a director?`}
      action="Remove"
      onConfirm={remove}
    >
      Nothing is fetched with this character's token for the corporation any more. Whoever sees the corporation through
      this character alone sees it no more, and with its last director everything that is stored of it is deleted.
    </Confirm>
  );
}
