import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { X } from "lucide-react";
import type { Director } from "../api/contract.ts";
import { corporationsQuery } from "../corporation/query.ts";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { notify, notifyError } from "../ui/notify.ts";
import { removeDirector } from "./query.ts";

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
    // Without a director of their own users no longer see the corporation.
    await navigate({ to: "/dashboard" });
    queries.removeQueries({ queryKey: ["corporation", corporationId] });
    notify("You no longer see the corporation", { description: `${director.name} was your last director in it.` });
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
      The corporation's data is no longer fetched with this character's token. Users who see the corporation through
      this character alone no longer see it, and with its last director everything that is stored of it is deleted.
    </Confirm>
  );
}
