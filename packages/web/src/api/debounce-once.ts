import type { QueryKey } from "@tanstack/react-query";

/**
 * Reads a query once for a burst of requests: the first request starts the wait, requests during the wait add nothing.
 * A steady stream of requests therefore never postpones the read for good, as a usual debounce would.
 */
export function debounceOnce(read: (key: QueryKey) => void, waitMs: number) {
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  return {
    ask(key: QueryKey): void {
      const name = JSON.stringify(key);
      if (timers.has(name)) return;
      timers.set(
        name,
        setTimeout(() => {
          timers.delete(name);
          read(key);
        }, waitMs),
      );
    },
    stop(): void {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
