import * as Log from "@tapi/core/platform/log";
import { startCounting } from "./cost-kms.ts";
import { type Kind, Meter, type Refreshes, type Units } from "./cost-measure.ts";
import type { Bench, Figure } from "./figure.ts";
import { startSoakStack } from "./soak-stack.ts";

const corporations = 2;
/** Every dataset for the first time, then those whose answers hold for an hour once more. */
const minutes = 80;

/** Nothing of a round is the idle stack's here. */
const noIdleTick = { gbSeconds: 0, readUnits: 0, writeUnits: 0, loggedBytes: 0 };

const perRefresh = (value: number, { count }: Refreshes) => value / count;

function figureOf(dataset: string, kind: Kind, refreshes: Refreshes): Figure {
  const readUnits = perRefresh(refreshes.readUnits, refreshes).toFixed(1);
  const lambdaMs = perRefresh(refreshes.lambdaMs, refreshes).toFixed(0);
  return {
    name: `${dataset}, ${kind}`,
    value: perRefresh(refreshes.writeUnits, refreshes),
    unit: "write units",
    detail: `${readUnits} read units, ${lambdaMs} ms of Lambda, ${refreshes.count} refreshes`,
  };
}

function shared({ refreshes, kmsCalls, sqsRequests, invocations }: Units): Figure[] {
  const detail = "per refresh, of all datasets";
  return [
    { name: "SQS", value: sqsRequests / refreshes, unit: "requests", detail },
    { name: "KMS", value: (1000 * kmsCalls) / refreshes, unit: "calls", detail: "per 1,000 refreshes, in one process" },
    { name: "Lambda", value: invocations / refreshes, unit: "invocations", detail },
  ];
}

const kinds: Kind[] = ["first", "changed", "unchanged"];

export default {
  name: "Units of a dataset's refresh",
  async run() {
    Log.setLevel("error");
    const stack = await startSoakStack("units", corporations);
    const kms = await startCounting();
    try {
      const meter = new Meter(stack, { idleTick: noIdleTick, kms: kms.calls });
      const units = await meter.run(minutes);
      const datasets = [...meter.byDataset].sort(([a], [b]) => a.localeCompare(b));
      return [
        ...shared(units),
        ...datasets.flatMap(([dataset, known]) =>
          kinds.filter((kind) => known[kind].count > 0).map((kind) => figureOf(dataset, kind, known[kind])),
        ),
      ];
    } finally {
      await kms.close();
      await stack.close();
    }
  },
} satisfies Bench;
