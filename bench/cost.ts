import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import * as Config from "@tapi/core/config";
import * as Log from "@tapi/core/log";
import * as Schedule from "@tapi/core/schedule";
import { startWire } from "../packages/core/test/wire.ts";
import { type Kind, Meter, type Units } from "./cost-measure.ts";
import { idle, lines, type Tier, table } from "./cost-prices.ts";
import { startSoakStack } from "./soak-stack.ts";

/*
 * pnpm tsx bench/cost.ts [--hours 3]: measures what a corporation takes at each tier, and writes the tables of docs/cost.md
 * between their markers.
 */

const corporations = 2;
const warmUpMinutes = 75;
const tiers: Tier[] = ["P0", "P1", "P2", "P3"];

const { values } = parseArgs({ options: { hours: { type: "string", default: "3" } } });
const hours = Number(values.hours);
Log.setLevel("error");

const stack = await startSoakStack("cost", corporations);
const kms = await startWire(process.env.KMS_ENDPOINT as string);
let kmsCalls = 0;
kms.refuse = () => {
  kmsCalls += 1;
  return undefined;
};
process.env.KMS_ENDPOINT = kms.url;
Config.reset();
const meter = new Meter(stack, () => kmsCalls);

const measured = new Map<Tier, Units>();
for (const [index, tier] of tiers.entries()) {
  for (const { corporationId } of stack.owners) await stack.system(() => Schedule.wake(corporationId, tier));
  await meter.run(index === 0 ? warmUpMinutes : 15);
  const units = await meter.run(hours * 60);
  measured.set(tier, scaled(units, 1 / corporations / hours));
  console.log(tier, JSON.stringify(measured.get(tier)));
}

function scaled(units: Units, factor: number): Units {
  return Object.fromEntries(Object.entries(units).map(([name, value]) => [name, value * factor])) as unknown as Units;
}

const kinds: Kind[] = ["first", "changed", "unchanged"];
const perRefresh = (units: { count: number; readUnits: number; writeUnits: number }) =>
  units.count === 0
    ? "-"
    : `${(units.readUnits / units.count).toFixed(1)} / ${(units.writeUnits / units.count).toFixed(1)}`;

const datasetTable = table(
  ["dataset", ...kinds.map((kind) => `${kind} (read / write units)`)],
  [...meter.byDataset]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([dataset, known]) => [dataset, ...kinds.map((kind) => perRefresh(known[kind]))]),
);

async function write(marker: string, text: string): Promise<void> {
  const file = new URL("../docs/cost.md", import.meta.url);
  const [begin, end] = [`<!-- ${marker} -->`, `<!-- /${marker} -->`];
  const page = await readFile(file, "utf8");
  const [before, rest = ""] = page.split(begin);
  const after = rest.split(end)[1] ?? "";
  await writeFile(file, `${before}${begin}\n\n${text}\n\n${end}${after}`);
}

for (const [marker, text] of Object.entries({ ...lines(measured), idle: idle(), datasets: datasetTable })) {
  await write(marker, text);
}
await kms.close();
await stack.close();
process.exit(0);
