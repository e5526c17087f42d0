import { useNow } from "../api/clock.ts";
import { formatDateTime, formatTime } from "../ui/format.ts";

/** The time in New Eden: UTC, by the server's clock. */
export function EveClock() {
  const now = useNow(1_000);
  return (
    <time
      dateTime={new Date(now).toISOString()}
      title={`${formatDateTime(now)} EVE time`}
      data-testid="eve-clock"
      data-value={now}
      className="nums px-1.5 text-faint text-xs"
    >
      {formatTime(now)} EVE
    </time>
  );
}
