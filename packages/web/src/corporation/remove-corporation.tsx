import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { notifyError } from "../ui/notify.ts";
import { corporationsQuery, removeCorporation } from "./query.ts";

export function RemoveCorporation({ corporationId, name }: { corporationId: number; name: string }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const remove = async () => {
    try {
      await removeCorporation(corporationId);
    } catch (error) {
      notifyError(`${name} stays`, { description: error instanceof Error ? error.message : undefined });
      throw error;
    }
    await queries.invalidateQueries(corporationsQuery);
    await navigate({ to: "/dashboard" });
    queries.removeQueries({ queryKey: ["corporation", corporationId] });
  };
  return (
    <Confirm
      trigger={
        <Button look="quiet" size="small" className="text-muted hover:text-failed">
          <Trash2 />
          Remove this corporation
        </Button>
      }
      title={`Remove ${name}?`}
      action="Remove"
      onConfirm={remove}
    >
      Its datasets are no longer refreshed, and what is stored about it is deleted. Its directors' characters stay with
      their users.
    </Confirm>
  );
}
