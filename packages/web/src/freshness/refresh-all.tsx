import { useMutation, useQueryClient } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { useNow } from "../api/clock.ts";
import type { Owner } from "../api/owner.ts";
import { Button } from "../ui/button.tsx";
import { cx } from "../ui/cx.ts";
import { formatAge, formatTime } from "../ui/format.ts";
import { notify, notifyError } from "../ui/notify.ts";
import { freshnessQuery, refreshAll } from "./query.ts";

/** Refreshes every dataset that failed or of which EVE may have newer data. */
export function RefreshAll({ owner }: { owner: Owner }) {
  const queries = useQueryClient();
  const now = useNow();
  const refresh = useMutation({
    mutationFn: () => refreshAll(owner),
    onSuccess: (answer) => {
      if (answer.status === "queued") {
        notify("Everything that can be newer is queued", { description: "The board shows the progress." });
      } else {
        const at = Date.parse(answer.nextPossibleAt);
        notify("EVE has nothing newer yet", {
          description: `The next is possible at ${formatTime(answer.nextPossibleAt)} EVE time, ${formatAge(at, now)}.`,
        });
      }
      void queries.invalidateQueries(freshnessQuery(owner));
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
