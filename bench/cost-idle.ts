import * as Schedule from "@tapi/core/engine/schedule";
import * as Actor from "@tapi/core/platform/actor";
import * as Config from "@tapi/core/platform/config";
import * as Db from "@tapi/core/platform/db";
import { functions } from "@tapi/functions/topology";
import { startTestStack } from "@tapi/local/test";
import { billedMs, gbSeconds, observed, tickWaitMs } from "./cost-lambda.ts";
import type { IdleTick } from "./cost-measure.ts";

/*
 * What a round of the scheduler takes where there is nothing to look at: prints it as JSON. A process of its own, since
 * entities keep the first table that they meet.
 */

/** As many to warm up, and as many measured. */
const rounds = 100;

const stack = await startTestStack();
Object.assign(process.env, stack.environment);
Config.reset();

async function run(): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    await Actor.provide({ type: "system", name: "cost" }, Schedule.tick);
  }
}

await observed(run);
const { result, cpuMs, loggedBytes } = await observed(() => Db.metered(run));
const { memoryMb } = functions.scheduler;
const idleTick: IdleTick = {
  gbSeconds: gbSeconds(billedMs(memoryMb, cpuMs / rounds, tickWaitMs), memoryMb),
  readUnits: result.consumed.readUnits / rounds,
  writeUnits: result.consumed.writeUnits / rounds,
  loggedBytes: loggedBytes / rounds,
};
await stack.close();
console.log(JSON.stringify(idleTick));
process.exit(0);
