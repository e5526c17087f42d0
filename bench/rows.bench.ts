import { gunzipSync } from "node:zlib";
import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { address } from "@tapi/core/engine/collection";
import { shapeOf } from "@tapi/core/engine/dataset";
import * as Refresh from "@tapi/core/engine/refresh";
import * as Rows from "@tapi/core/engine/rows";
import * as Owner from "@tapi/core/owner";
import { Datasets } from "@tapi/core/owners/corporation";
import * as Db from "@tapi/core/platform/db";
import * as Log from "@tapi/core/platform/log";
import * as Snapshot from "@tapi/core/snapshot";
import { type Bench, type Figure, median, timed } from "./figure.ts";
import { type BenchStack, startBenchStack } from "./stack.ts";

const rounds = 15;
const roundsToWarmUp = 4;

const queries = [
  { name: "search", query: { search: "ore" } },
  { name: "filter", query: { filters: { is_singleton: "true" } } },
  {
    name: "filter + search + sort",
    query: { search: "i", filters: { location_flag: ["CorpSAG1", "CorpSAG2"] }, sort: "-quantity" },
  },
];

async function warm(stack: BenchStack): Promise<Figure[]> {
  const { corporationId } = stack.pilot;
  const figures: Figure[] = [];
  for (const { name, query } of queries) {
    const ask = () =>
      stack.pilot.as(() =>
        Rows.list({ owner: Owner.corporation(corporationId), dataset: "assets", limit: 100, ...query }),
      );
    const { meta } = await ask();
    // Warm is the code as well as the data: what V8 has not compiled yet is the first second of a process, not a query.
    for (let round = 0; round < roundsToWarmUp; round += 1) await ask();
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) times.push((await timed(ask)).ms);
    figures.push({
      name: `query over ${meta.total} assets, warm: ${name}`,
      value: median(times),
      unit: "ms",
      goal: "<= 15",
      detail: `${meta.matched} match`,
    });
  }
  return figures;
}

/** Reads and inflates the same items and parses the same columns as JSON: what any cold reader has to do. */
async function bareRead(corporationId: number, json: string): Promise<void> {
  const { Items = [] } = await Db.client().send(
    new QueryCommand({
      TableName: Db.table(),
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :base)",
      ExpressionAttributeValues: { ":pk": `corporation#${corporationId}#snapshot#assets`, ":base": "base#" },
    }),
  );
  for (const item of Items) gunzipSync(item.data as Uint8Array);
  JSON.parse(json);
}

async function cold(stack: BenchStack): Promise<Figure> {
  const { corporationId } = stack.pilot;
  const assets = Datasets.get("assets");
  const view = await Snapshot.read(address(Owner.corporation(corporationId), assets), shapeOf(assets));
  const json = JSON.stringify(view.columns);
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const bare = await timed(() => bareRead(corporationId, json));
    Snapshot.clearCache();
    const asked = await timed(() => Snapshot.read(address(Owner.corporation(corporationId), assets), shapeOf(assets)));
    ratios.push(asked.ms / bare.ms);
  }
  const detail = `${view.length} rows`;
  return {
    name: "open 100,000 assets, cold / read + inflate + JSON.parse",
    value: median(ratios),
    unit: "x",
    goal: "<= 2",
    detail,
  };
}

export default {
  name: "Rows",
  async run() {
    Log.setLevel("error");
    const stack = await startBenchStack();
    try {
      const { corporationId } = stack.pilot;
      for (const dataset of ["members", "divisions", "assets"]) {
        await stack.system(() =>
          Refresh.run({ owner: Owner.corporation(corporationId), datasets: [dataset], reason: "schedule" }),
        );
      }
      return [...(await warm(stack)), await cold(stack)];
    } finally {
      await stack.close();
    }
  },
} satisfies Bench;
