import * as Freshness from "@tapi/core/engine/freshness";
import * as Refresh from "@tapi/core/engine/refresh";
import * as Schedule from "@tapi/core/engine/schedule";
import { corporation } from "@tapi/core/owner";
import { Datasets } from "@tapi/core/owners/corporation";
import { mapConcurrent } from "@tapi/core/platform/parallel";
import { type Difference, difference } from "../packages/core/test/truth.ts";
import { type Chance, chanceOf } from "./chance.ts";
import { injectFault } from "./soak-faults.ts";
import { bury, installKills } from "./soak-kill.ts";
import { type Pumped, pump, workers } from "./soak-pump.ts";
import { type Owner, type SoakStack, startSoakStack } from "./soak-stack.ts";
import { installPlainWire } from "./soak-wire.ts";

export interface SoakOptions {
  corporations: number;
  hours: number;
  seed: string;
  /** The simulated moment (epoch ms) at which it begins; absent: now. */
  begin?: number;
  /** Speaks to the table without AWS's SDK, which takes longer than everything else. */
  plainWire?: boolean;
  /** Told once every simulated hour. */
  onHour?: (hour: number, soFar: Pick<SoakResult, "delivered" | "failed" | "killed" | "seconds">) => void;
}

interface Stats {
  sent429: number;
  sent420: number;
  earlyFetches: number;
  earlyExamples: unknown[];
  tokensSpent: number;
}

/** A dataset that is not what New Eden has, and what the freshness board says of it. */
interface Differing extends Difference {
  corporationId: number;
  dataset: string;
  state: string;
}

export interface SoakResult extends Stats, Pumped {
  faults: number;
  /** Datasets held against the truth, and those that differ from it. */
  compared: number;
  differing: Differing[];
  /** Real seconds of the simulated hours alone, and seconds of this process's processor time. */
  seconds: number;
  cpuSeconds: number;
}

/** One in this many simulated minutes something goes wrong. */
const faultEvery = 4;
/** Of the messages so many kill their worker. */
const killShare = 0.01;
/**
 * Without faults before the comparison: longer than every expiry, the daily ones included, every back-off, and every time
 * for which a declaration lets what changes unseen be outdated.
 */
const calmSeconds = 3600 + Math.max(24 * 3600, ...Datasets.datasets.map(({ rereadSeconds = 0 }) => rereadSeconds));
const calmRounds = 12;

async function minute(stack: SoakStack, chance: Chance, counts: Pumped, killShare: number): Promise<void> {
  await stack.advance(60);
  await stack.system(() => Schedule.tick());
  const pumped = await pump({ stack, chance, killShare });
  counts.delivered += pumped.delivered;
  counts.duplicates += pumped.duplicates;
  counts.failed += pumped.failed;
  counts.killed += pumped.killed;
}

/** Datasets in an order in which each comes after those it is made from. */
function inOrder(): string[] {
  const ordered = new Set<string>();
  const visit = (name: string) => {
    for (const other of Datasets.get(name).after ?? []) visit(other);
    ordered.add(name);
  };
  for (const { name } of Datasets.datasets) visit(name);
  return [...ordered];
}

async function differences(stack: SoakStack, owner: Owner, order: readonly string[]): Promise<Differing[]> {
  const { corporationId, characterId } = owner;
  for (const dataset of order) {
    const message: Refresh.Message = {
      owner: corporation(corporationId),
      datasets: [dataset],
      reason: "schedule",
    };
    await bury(stack, message);
    await stack.system(() => Refresh.run(message));
  }
  const board = await owner.as(() => Freshness.board({ owner: corporation(corporationId) }));
  const found: Differing[] = [];
  for (const dataset of order) {
    const differs = await difference(dataset, { newEden: stack.newEden, corporationId, characterId });
    if (differs.missing.length + differs.extra.length + differs.doubled === 0) continue;
    const { status, lastError, nextAt } = board.find((each) => each.dataset === dataset) as Freshness.Freshness;
    found.push({ corporationId, dataset, state: [status, lastError?.code, nextAt].join(" "), ...differs });
  }
  return found;
}

/** Longer than the expiry of whatever changes by the minute. */
const lookAgainSeconds = 3700;
const looks = 3;

/**
 * Has what expired meanwhile refreshed, then holds every dataset against New Eden. A list that has become empty is believed
 * at the second answer only, and details come after their list: such are looked at again.
 */
async function compareAll(stack: SoakStack): Promise<Pick<SoakResult, "compared" | "differing">> {
  const order = inOrder();
  let suspects: readonly Owner[] = stack.owners;
  let differing: Differing[] = [];
  for (let look = 1; look <= looks && suspects.length > 0; look += 1) {
    if (look > 1) await stack.advance(lookAgainSeconds);
    const found: Differing[] = [];
    await mapConcurrent(workers, suspects, async (owner) => {
      found.push(...(await differences(stack, owner, order)));
    });
    const isSame = (one: Differing) => (other: Differing) =>
      one.corporationId === other.corporationId && one.dataset === other.dataset;
    const before = differing;
    differing = look === 1 ? found : found.filter((each) => before.some(isSame(each)));
    suspects = suspects.filter(({ corporationId }) => differing.some((each) => each.corporationId === corporationId));
  }
  return { compared: stack.owners.length * order.length, differing };
}

function cpuSecondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

async function run(stack: SoakStack, { hours, seed, onHour }: SoakOptions): Promise<SoakResult> {
  const chance = chanceOf(seed);
  const counts: Pumped = { delivered: 0, duplicates: 0, failed: 0, killed: 0 };
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  const seconds = () => (performance.now() - startedAt) / 1000;
  let faults = 0;
  for (let passed = 1; passed <= hours * 60; passed += 1) {
    if (passed % faultEvery === 0) {
      await injectFault(stack, chance);
      faults += 1;
    }
    await minute(stack, chance, counts, killShare);
    if (passed % 60 === 0) onHour?.(passed / 60, { ...counts, seconds: seconds() });
  }
  const lasted = { seconds: seconds(), cpuSeconds: cpuSecondsSince(cpuBefore) };
  await stack.control("faults", undefined, "DELETE");
  await stack.advance(calmSeconds);
  for (let round = 0; round < calmRounds; round += 1) await minute(stack, chance, counts, 0);
  const compared = await compareAll(stack);
  const { sent429, sent420, earlyFetches, earlyExamples, tokensSpent } = (await stack.control("stats")) as Stats;
  const stats: Stats = { sent429, sent420, earlyFetches, earlyExamples, tokensSpent };
  return { ...stats, ...counts, faults, ...lasted, ...compared };
}

/**
 * Many corporations for hours of simulated time, through the real scheduler, queues and workers, while things go wrong;
 * in the end every dataset is held against New Eden's own state.
 */
export async function soak(options: SoakOptions): Promise<SoakResult> {
  const stack = await startSoakStack(options.seed, options.corporations, options.begin);
  if (options.plainWire) installPlainWire();
  installKills();
  try {
    return await run(stack, options);
  } finally {
    await stack.close();
  }
}
