import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Datasets } from "@tapi/core/owners/corporation";
import * as Config from "@tapi/core/platform/config";
import * as Log from "@tapi/core/platform/log";
import { startTestStack } from "@tapi/local/test";
import { schedules } from "../packages/core/src/engine/agenda/agenda.entity.ts";
import { states } from "../packages/core/src/engine/state/state.entity.ts";
import { bundle } from "../packages/functions/test/bundle.ts";
import type { Bench, Figure } from "./figure.ts";
import type { TickMeasure } from "./tick.ts";

const corporations = 10_000;
const firstId = 98_000_000;
const shards = 16;
const hourMs = 3_600_000;
/** Corporations that a round has to look at, as the simulation of 10,000 counts them: pnpm bench simulation. */
const awakeInAMinute = 1_200;
/** Of a hundred corporations, by tier. */
const mix = { P0: 2, P1: 8, P2: 30, P3: 60 } as const;
type Tier = keyof typeof mix;

const ids = Array.from({ length: corporations }, (_, index) => firstId + index);

function tierOf(corporationId: number): Tier {
  let place = corporationId % 100;
  for (const [tier, share] of Object.entries(mix)) {
    if (place < share) return tier as Tier;
    place -= share;
  }
  return "P3";
}

const inBatches = async <T>(items: readonly T[], size: number, write: (batch: T[]) => Promise<unknown>) => {
  for (let from = 0; from < items.length; from += size) await write(items.slice(from, from + size));
};

/** States of all datasets, each expired or not as `nextAt` says. */
const writeStates = (of: readonly number[], nextAt: (index: number) => number): Promise<void> =>
  inBatches(of, 10, (batch) =>
    states()
      .put(
        batch.flatMap((corporationId) =>
          Datasets.datasets.map(({ name }, index) => {
            const at = nextAt(index);
            const times = { staleAt: at, nextAt: at, refreshedAt: at - hourMs, changedAt: at - 5 * hourMs };
            const counts = { fence: 1_234, version: 321, listVersion: 321, rows: 4_321, failures: 0, tokens: 2 };
            return {
              owner: `corporation#${corporationId}`,
              dataset: name,
              ...counts,
              ...times,
              fetcherId: 95_000_001,
              fetcherName: "Someone",
            };
          }),
        ),
      )
      .go({ concurrency: 4 }),
  );

const writeRows = (of: readonly number[], wakeAt: number): Promise<void> =>
  inBatches(of, 500, (batch) =>
    schedules()
      .put(
        batch.map((corporationId) => ({
          shard: corporationId % shards,
          owner: `corporation#${corporationId}`,
          tier: tierOf(corporationId),
          wakeAt,
          sent: {},
          viewedAt: Date.now(),
        })),
      )
      .go({ concurrency: 4 }),
  );

async function startRounds(folder: string): Promise<{ round: () => Promise<TickMeasure>; close: () => void }> {
  const { unpack } = await bundle("bench/tick.ts");
  const child = fork(await unpack(folder), { execArgv: [], stdio: ["ignore", "ignore", "inherit", "ipc"] });
  await once(child, "message");
  const round = async () => {
    child.send("round");
    const [measure] = (await once(child, "message")) as [TickMeasure];
    return measure;
  };
  return { round, close: () => child.disconnect() };
}

function figuresOf(name: string, { ms, cpuMs, peakMb, idleMb, tick }: TickMeasure): Figure[] {
  const { owners: awake, due, sent } = tick;
  const detail = `${awake} awake, ${due} datasets due, ${sent} sent; ${Math.round(cpuMs)} ms of processor`;
  return [
    { name: `scheduler round, ${name}`, value: ms / 1000, unit: "s", goal: "<= 10", detail },
    {
      name: `memory of that round`,
      value: peakMb,
      unit: "MB",
      goal: "<= 256",
      detail: `resident, of which ${Math.round(idleMb)} MB before it began`,
    },
  ];
}

export default {
  name: "Scheduler round over 10,000 corporations",
  async run() {
    Log.setLevel("error");
    const stack = await startTestStack();
    Object.assign(process.env, stack.environment, { LOG_LEVEL: "error" });
    Config.reset();
    const folder = await mkdtemp(join(tmpdir(), "tapi-tick-"));
    const rounds = await startRounds(folder);
    try {
      const now = Date.now();
      const ordinary = ids.slice(0, awakeInAMinute);
      const expired = ids.slice(awakeInAMinute, 2 * awakeInAMinute);
      await writeStates(ordinary, (index) => (index % 5 === 0 ? now - hourMs : now + hourMs / 2));
      await writeStates(expired, () => now - hourMs);
      await writeRows(ids, now + hourMs);
      await rounds.round();
      await writeRows(ordinary, now);
      const minute = await rounds.round();
      await writeRows(ids, now);
      await writeRows(expired, now - hourMs);
      const everything = await rounds.round();
      return [...figuresOf("an ordinary minute", minute), ...figuresOf("everything expired at once", everything)];
    } finally {
      rounds.close();
      await stack.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
} satisfies Bench;
