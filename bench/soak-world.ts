import { startNewEden } from "@tapi/new-eden";
import { planOf } from "./alliance-plan.ts";

/*
 * New Eden with corporations of mixed size, in a process of its own: `soak-world.ts <seed> <number of corporations>`.
 * Speaks as New Eden's own entry does: `ready` with its address.
 */

const [seed = "soak", count = "20"] = process.argv.slice(2);
const corporations = Array.from({ length: Number(count) }, (_, index) => planOf(index));
const eden = await startNewEden({ port: 0, seed, corporations });
process.send?.({ type: "ready", url: eden.url });
process.once("disconnect", () => eden.close().then(() => process.exit(0)));
