import * as Refresh from "@tapi/core/engine/refresh";
import * as Token from "@tapi/core/identity/token";
import * as Owner from "@tapi/core/owner";
import * as Log from "@tapi/core/platform/log";
import { mapConcurrent } from "@tapi/core/platform/parallel";
import type { Bench, Figure } from "./figure.ts";
import { type Corporation, startThroughputStack, type ThroughputStack, workers } from "./throughput-stack.ts";

const few = 10;
const many = 1_000;
/** So many of them are refreshed again: spread over all, which would take minutes. */
const again = 250;
/** Refreshed before anything is measured, so that a few are not charged for what a process does once. */
const warmUp = 30;
/** Past ESI's cache of assets. */
const expirySeconds = 3_700;

const kinds = ["first", "unchanged", "1 % changed"] as const;
type Kind = (typeof kinds)[number];

/** What comes before refreshes of a kind and is not charged to them: time passes, things change, tokens are renewed. */
async function prepare(stack: ThroughputStack, of: readonly Corporation[], kind: Kind): Promise<void> {
  if (kind === "first") return;
  if (kind === "1 % changed") {
    await mapConcurrent(workers, of, ({ corporationId }) =>
      stack.control("assets", { corporationId, changeFraction: 0.01 }),
    );
  }
  await stack.advance(expirySeconds);
  await mapConcurrent(workers, of, ({ characterId }) =>
    stack.system(() => Token.access({ characterId, purpose: "bench" })),
  );
  await Token.flushUses();
}

/** Corporations a minute that one core gets through: one dataset each, in batches, everything but ESI itself included. */
async function pace(stack: ThroughputStack, of: readonly Corporation[], kind: Kind): Promise<number> {
  await prepare(stack, of, kind);
  const before = process.cpuUsage();
  await mapConcurrent(workers, of, ({ corporationId }) =>
    stack.system(() =>
      Refresh.run({ owner: Owner.corporation(corporationId), datasets: ["assets"], reason: "schedule" }),
    ),
  );
  await Token.flushUses();
  const { user, system } = process.cpuUsage(before);
  return (of.length * 60_000) / ((user + system) / 1000);
}

async function paces(stack: ThroughputStack, of: readonly Corporation[]): Promise<Record<Kind, number>> {
  const step = Math.ceil(of.length / again);
  const some = of.filter((_, index) => index % step === 0);
  const first = await pace(stack, of, "first");
  return {
    first,
    unchanged: await pace(stack, some, "unchanged"),
    "1 % changed": await pace(stack, some, "1 % changed"),
  };
}

const unit = "/min/core";

export default {
  name: "Throughput: corporations a minute and core, 100 assets each",
  async run() {
    Log.setLevel("error");
    const stack = await startThroughputStack(warmUp + few + many);
    try {
      const { corporations } = stack;
      await paces(stack, corporations.slice(0, warmUp));
      const ofFew = await paces(stack, corporations.slice(warmUp, warmUp + few));
      const ofMany = await paces(stack, corporations.slice(warmUp + few));
      return kinds.flatMap((kind): Figure[] => [
        { name: `${kind}, ${few} corporations`, value: Math.round(ofFew[kind]), unit },
        {
          name: `${kind}, ${many} corporations`,
          value: Math.round(ofMany[kind]),
          unit,
          detail: `${(ofMany[kind] / ofFew[kind]).toFixed(2)} x the pace with ${few}`,
        },
      ]);
    } finally {
      await stack.close();
    }
  },
} satisfies Bench;
