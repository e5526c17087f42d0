import { QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError } from "./envelope.ts";

/** Our own refusals are final; only silence and overload are worth another try. */
function isWorthRetrying(failures: number, error: unknown): boolean {
  return failures < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 502);
}

export function createQueryClient(onSignedOut: () => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (error instanceof ApiError && error.status === 401) onSignedOut();
      },
    }),
    defaultOptions: {
      // The socket says when something changed; until then what we have is right.
      queries: { staleTime: 60_000, retry: isWorthRetrying },
    },
  });
}
