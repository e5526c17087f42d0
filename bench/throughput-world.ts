import { startNewEden } from "@tapi/new-eden";

/* New Eden with many equally small corporations, in a process of its own: `throughput-world.ts <number>`. */

const corporations = Array.from({ length: Number(process.argv[2]) }, () => ({
  members: 3,
  assets: 100,
  journalPerDay: 0,
  historyDays: 1,
}));
const eden = await startNewEden({ port: 0, seed: "throughput", corporations });
process.send?.({ url: eden.url });
process.once("disconnect", () => eden.close().then(() => process.exit(0)));
