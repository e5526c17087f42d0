import { useMutation, useQueryClient } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { useNow } from "../api/clock.ts";
import type { Freshness } from "../api/contract.ts";
import type { Owner } from "../api/owner.ts";
import { Button } from "../ui/button.tsx";
import { cx } from "../ui/cx.ts";
import { formatAge, formatTime } from "../ui/format.ts";
import { Hint } from "../ui/hint.tsx";
import { notifyError } from "../ui/notify.ts";
import { freshnessQuery, refreshDataset } from "./query.ts";
import { isBusy } from "./status.ts";

/** Refreshes a dataset now. EVE's cache decides when newer data can exist, and the button shows that time. */
export function RefreshButton({ owner, freshness }: { owner: Owner; freshness: Freshness }) {
  const queries = useQueryClient();
  const now = useNow();
  const refresh = useMutation({
    mutationFn: () => refreshDataset(owner, freshness.dataset),
    onSuccess: (answer) => {
      if (answer.status === "too_early") return;
      queries.setQueryData(freshnessQuery(owner).queryKey, (board) =>
        board?.map((entry) =>
          entry.dataset === freshness.dataset && !isBusy(entry.status) ? { ...entry, status: "queued" } : entry,
        ),
      );
      void queries.invalidateQueries(freshnessQuery(owner));
    },
    onError: (error) => notifyError(`${freshness.title} cannot be refreshed now`, { description: error.message }),
  });
  const refused = refresh.data?.status === "too_early" ? refresh.data.nextPossibleAt : undefined;
  const refreshableAt = refused ?? freshness.expiresAt;
  const early = refreshableAt !== undefined && Date.parse(refreshableAt) > now;
  const busy = refresh.isPending || isBusy(freshness.status);
  const hint = busy
    ? "Already queued."
    : early
      ? `EVE has nothing newer before ${formatTime(refreshableAt)} EVE time, ${formatAge(Date.parse(refreshableAt), now)}.`
      : "Fetch it from EVE now.";
  return (
    <Hint text={hint}>
      <Button
        look="quiet"
        size="small"
        data-testid={`refresh-${freshness.dataset}`}
        data-possible-at={early ? refreshableAt : undefined}
        aria-label={`Refresh ${freshness.title} now`}
        aria-disabled={busy}
        onClick={() => busy || refresh.mutate()}
        className={cx("nums min-w-22 justify-start", early && "text-faint", refused && early && "text-stale")}
      >
        <RotateCw className={cx(busy && "animate-spin")} />
        {busy ? "Busy" : early ? `from ${formatTime(refreshableAt)}` : "Refresh"}
      </Button>
    </Hint>
  );
}
