import { useNow } from "../api/clock.ts";
import { formatAge, formatDateTime } from "./format.ts";

/** A moment as an age that counts on by itself, measured against the server's clock. */
export function Age({ at, className }: { at: string; className?: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={`${formatDateTime(at)} EVE time`} className={className}>
      {formatAge(Date.parse(at), now)}
    </time>
  );
}
