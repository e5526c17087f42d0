import { startNewEden } from "@tapi/new-eden";

/*
 * New Eden with corporations of mixed size, in a process of its own: `soak-world.ts <seed> <number of corporations>`.
 * Speaks as New Eden's own entry does: `ready` with its address.
 */

/** One in ten is large, three in ten are middling, the others small: what an alliance looks like. */
function planOf(index: number) {
  if (index % 10 === 0) return { members: 120, assets: 4_000, journalPerDay: 120, historyDays: 10 };
  if (index % 10 < 4) return { members: 30, assets: 600, journalPerDay: 30, historyDays: 10 };
  return { members: 8, assets: 60, journalPerDay: 6, historyDays: 10 };
}

const [seed = "soak", count = "20"] = process.argv.slice(2);
const corporations = Array.from({ length: Number(count) }, (_, index) => planOf(index));
const eden = await startNewEden({ port: 0, seed, corporations });
process.send?.({ type: "ready", url: eden.url });
process.once("disconnect", () => eden.close().then(() => process.exit(0)));
