import { useQueryClient } from "@tanstack/react-query";
import { X } from "lucide-react";
import type { Director } from "../api/contract.ts";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { notifyError } from "../ui/notify.ts";
import { removeDirector } from "./query.ts";

export function RemoveDirector({ corporationId, director }: { corporationId: number; director: Director }) {
  const queries = useQueryClient();
  const remove = () =>
    removeDirector(corporationId, director.characterId)
      .then(() => queries.invalidateQueries({ queryKey: ["corporation", corporationId] }))
      .catch((error: Error) => {
        notifyError(`${director.name} stays`, { description: error.message });
        throw error;
      });
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
      Nothing is fetched with this character's token for the corporation any more. What is stored stays.
    </Confirm>
  );
}
