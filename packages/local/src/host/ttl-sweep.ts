import { sweepExpired } from "../dynamodb/index.ts";

/** AWS deletes expired items within days; nothing may depend on when. */
const everyMs = 5 * 60_000;

/** A clock that was a day ahead for a while must not have taken anything. */
const keptForMs = 2 * 86_400_000;

export function startTtlSweep(
  endpoint: string,
  table: string,
  say: (line: string) => void,
): { close(): Promise<void> } {
  let running: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    running = sweepExpired(endpoint, table, Date.now() - keptForMs).catch((error: Error) =>
      say(`The TTL sweep failed: ${error.message}`),
    );
  }, everyMs);
  return {
    close: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
