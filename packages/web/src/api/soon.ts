import type { QueryKey } from "@tanstack/react-query";

/**
 * Asks once for many reasons: the first one starts the wait, those that come meanwhile add nothing, and the next one starts
 * anew. A steady stream of reasons therefore puts nothing off for good.
 */
export function soon(read: (key: QueryKey) => void, waitMs: number) {
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
