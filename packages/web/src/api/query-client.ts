import { QueryCache, QueryClient } from "@tanstack/react-query";
import { backoffMs } from "./backoff.ts";
import { ApiError } from "./envelope.ts";

/** A page that waits longer than this had better say so than go on waiting. */
const LONGEST_WAIT_MS = 60_000;
const TRIES = 3;
/** Many queries are told to wait at once, and the first to come back take the room there is. */
const TRIES_WHEN_LIMITED = 6;

const isTooMany = (error: unknown): error is ApiError => error instanceof ApiError && error.status === 429;

/** Our own refusals are final; only silence, overload and having asked too much are worth another try. */
function isWorthRetrying(failures: number, error: unknown): boolean {
  if (isTooMany(error)) return failures < TRIES_WHEN_LIMITED - 1 && (error.retryAfterMs ?? 0) <= LONGEST_WAIT_MS;
  return failures < TRIES - 1 && error instanceof ApiError && (error.status === 0 || error.status >= 502);
}

/** Not before the server says, and not all at once then. */
const waitMs = (attempt: number, error: unknown): number =>
  ((isTooMany(error) && error.retryAfterMs) || 0) + backoffMs(attempt);

interface Reactions {
  /** The session has ended. */
  onSignedOut: () => void;
  /** This session asked too much: what was asked comes later by itself. */
  onSlowedDown: () => void;
}

export function createQueryClient({ onSignedOut, onSlowedDown }: Reactions): QueryClient {
  const queryCache = new QueryCache({
    onError: (error) => {
      if (error instanceof ApiError && error.status === 401) onSignedOut();
    },
  });
  queryCache.subscribe((event) => {
    if (event.type === "updated" && event.action.type === "failed" && isTooMany(event.action.error)) onSlowedDown();
  });
  return new QueryClient({
    queryCache,
    defaultOptions: {
      // The socket says when something changed; until then what we have is right.
      queries: { staleTime: 60_000, retry: isWorthRetrying, retryDelay: waitMs },
    },
  });
}
