import { useMutation, useQueryClient } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { useNow } from "../api/clock.ts";
import type { Freshness } from "../api/contract.ts";
import { Button } from "../ui/button.tsx";
import { cx } from "../ui/cx.ts";
import { formatAge, formatTime } from "../ui/format.ts";
import { Hint } from "../ui/hint.tsx";
import { notifyError } from "../ui/notify.ts";
import { freshnessQuery, refreshDataset } from "./query.ts";
import { isBusy } from "./status.ts";

/** Asks for newer data at once. EVE's own cache decides from when that makes sense, and the button says so. */
export function RefreshButton({ corporationId, freshness }: { corporationId: number; freshness: Freshness }) {
  const queries = useQueryClient();
  const now = useNow();
  const refresh = useMutation({
    mutationFn: () => refreshDataset(corporationId, freshness.dataset),
    onSuccess: (answer) => {
      if (answer.status === "too_early") return;
      queries.setQueryData(freshnessQuery(corporationId).queryKey, (board) =>
        board?.map((entry) =>
          entry.dataset === freshness.dataset && !isBusy(entry.status) ? { ...entry, status: "queued" } : entry,
        ),
      );
      void queries.invalidateQueries(freshnessQuery(corporationId));
    },
    onError: (error) => notifyError(`${freshness.title} cannot be refreshed now`, { description: error.message }),
  });
  const refused = refresh.data?.status === "too_early" ? refresh.data.nextPossibleAt : undefined;
  const possibleAt = refused ?? freshness.expiresAt;
  const early = possibleAt !== undefined && Date.parse(possibleAt) > now;
  const busy = refresh.isPending || isBusy(freshness.status);
  const hint = busy
    ? "Already on its way."
    : early
      ? `EVE gives nothing newer before ${formatTime(possibleAt)} EVE time, ${formatAge(Date.parse(possibleAt), now)}.`
      : "Fetch it from EVE now.";
  return (
    <Hint text={hint}>
      <Button
        look="quiet"
        size="small"
        data-testid={`refresh-${freshness.dataset}`}
        data-possible-at={early ? possibleAt : undefined}
        aria-label={`Refresh ${freshness.title} now`}
        aria-disabled={busy}
        onClick={() => busy || refresh.mutate()}
        className={cx("nums min-w-22 justify-start", early && "text-faint", refused && early && "text-stale")}
      >
        <RotateCw className={cx(busy && "animate-spin")} />
        {busy ? "Busy" : early ? `from ${formatTime(possibleAt)}` : "Refresh"}
      </Button>
    </Hint>
  );
}
