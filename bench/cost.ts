import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import * as Agenda from "@tapi/core/engine/agenda";
import type { Tier } from "@tapi/core/owner";
import { corporation } from "@tapi/core/owner";
import { startCounting } from "./cost-kms.ts";
import type { IdleTick } from "./cost-measure.ts";
import { Meter, tableBytes, type Units } from "./cost-measure.ts";
import { readBook, writeBook, writeTables } from "./cost-tables.ts";
import { startSoakStack } from "./soak-stack.ts";

/*
 * pnpm tsx bench/cost.ts [--tiers P0,P1,P2,P3] [--corporations 100] [--hours 2]: measures what a corporation takes at these
 * tiers, keeps it in docs/cost.json, and writes the tables of docs/cost.md. With --tables it only writes the tables.
 */

const { values } = parseArgs({
  options: {
    tiers: { type: "string", default: "P0,P1,P2,P3" },
    corporations: { type: "string", default: "100" },
    hours: { type: "string", default: "2" },
    tables: { type: "boolean", default: false },
  },
});

/** Longer than the hour for which most answers hold, so that first fetches are over. */
const warmUpMinutes = 75;
/** A tier's habits show after this long: what was sent in the former one has come back. */
const settleMinutes = 30;

function scaled(units: Units, factor: number): Units {
  return Object.fromEntries(Object.entries(units).map(([name, value]) => [name, value * factor])) as unknown as Units;
}

async function measureIdleTick(): Promise<IdleTick> {
  const script = fileURLToPath(new URL("cost-idle.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", script]);
  return JSON.parse(stdout) as IdleTick;
}

async function measure(tiers: Tier[], corporations: number, hours: number): Promise<void> {
  const idleTick = await measureIdleTick();
  const stack = await startSoakStack("cost", corporations);
  const kms = await startCounting();
  const meter = new Meter(stack, { idleTick, kms: kms.calls });
  const book = { tiers: {}, datasets: {}, ...(await readBook()), idleTick };
  for (const [index, tier] of tiers.entries()) {
    for (const { corporationId } of stack.owners)
      await stack.system(() => Agenda.wake(corporation(corporationId), tier));
    await meter.run(index === 0 ? warmUpMinutes : settleMinutes);
    const storedBytes = (await tableBytes()) / corporations;
    const hour = scaled(await meter.run(hours * 60), 1 / corporations / hours);
    book.tiers = { ...book.tiers, [tier]: { corporations, hours, hour, storedBytes } };
    book.datasets = Object.fromEntries(meter.byDataset);
    await writeBook(book);
    await writeTables(book);
    console.log(tier, JSON.stringify(hour));
  }
  await kms.close();
  await stack.close();
}

if (values.tables) {
  const { idleTick, tiers, datasets } = await readBook();
  if (!idleTick || !tiers || !datasets) throw new Error("docs/cost.json holds nothing yet: measure first");
  await writeTables({ idleTick, tiers, datasets });
} else {
  await measure(values.tiers.split(",") as Tier[], Number(values.corporations), Number(values.hours));
}
process.exit(0);
