import { useMutation, useQueryClient } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { useNow } from "../api/clock.ts";
import { Button } from "../ui/button.tsx";
import { cx } from "../ui/cx.ts";
import { formatAge, formatTime } from "../ui/format.ts";
import { notify, notifyError } from "../ui/notify.ts";
import { freshnessQuery, refreshAll } from "./query.ts";

/** Asks for everything at once of which EVE may have something newer, or which failed. */
export function RefreshAll({ corporationId }: { corporationId: number }) {
  const queries = useQueryClient();
  const now = useNow();
  const refresh = useMutation({
    mutationFn: () => refreshAll(corporationId),
    onSuccess: (answer) => {
      if (answer.status === "queued") {
        notify("Everything that can be newer is on its way", { description: "The board shows how it arrives." });
      } else {
        const at = Date.parse(answer.nextPossibleAt);
        notify("EVE has nothing newer yet", {
          description: `The next is possible at ${formatTime(answer.nextPossibleAt)} EVE time, ${formatAge(at, now)}.`,
        });
      }
      void queries.invalidateQueries(freshnessQuery(corporationId));
    },
    onError: (error) => notifyError("Nothing was refreshed", { description: error.message }),
  });
  return (
    <Button
      look="quiet"
      size="small"
      data-testid="refresh-all"
      disabled={refresh.isPending}
      onClick={() => refresh.mutate()}
    >
      <RotateCw className={cx(refresh.isPending && "animate-spin")} />
      Refresh all
    </Button>
  );
}
