import type { Budget } from "@tapi/core/eve/esi";
import * as Owner from "@tapi/core/owner";
import type { DatasetStatus } from "../../packages/core/src/engine/schedule/plan.ts";
import { callsOf, lifeMs, type Profile } from "./profile.ts";
import { normal } from "./random.ts";

export type Tier = "P0" | "P1" | "P2" | "P3";
export const tiers: readonly Tier[] = ["P0", "P1", "P2", "P3"];

export interface SimulatedDirector {
  /** Absent from then until then: the token is dead, the role lost. */
  deadFrom: number;
  deadUntil: number;
  failures: number;
  failedAt: number;
  /** By rate group: what ESI counts. */
  buckets: Map<string, Budget.Entry>;
  /** When the stored row was last written: other workers know of nothing that was spent later. */
  writtenAt: number;
}

export interface SimulatedState extends DatasetStatus {
  failures: number;
  /** Of the data: a failure puts off the next try, but not this. */
  expiresAt: number;
  version: number;
  changedAt: number;
  /** Of details: calls that the last refresh left over. */
  left: number;
  /** Nobody could fetch it since the last refresh: its lag is not the scheduler's. */
  wasBlocked: boolean;
}

export interface SimulatedCorporation {
  owner: Owner.Owner;
  tier: Tier;
  wakeAt: number;
  sent: Record<string, number>;
  viewedAt: number;
  members: number;
  directors: SimulatedDirector[];
  datasets: SimulatedState[];
  /** By dataset, in the same order. */
  tasks: Task[];
}

/** One dataset of a simulated corporation, to be refreshed. */
export interface Task {
  corporation: SimulatedCorporation;
  state: SimulatedState;
  profile: Profile;
  calls: number;
  list: SimulatedState | undefined;
  details: readonly Task[];
}

export interface Settings {
  corporations: number;
  mix: Readonly<Record<Tier, number>>;
  startAt: number;
  endAt: number;
}

const firstId = 98_000_000;
const dayMs = 24 * 3_600_000;
const medianMembers = 12;
/** Of the logarithm of the number of members: most are tiny, one in ten thousand has some ten thousand. */
const spread = 1.8;
const mostMembers = 12_000;
/** Of a hundred directors so many fail on a day, for hours. */
const failing = 0.05;
const outageMs = { least: 1 * 3_600_000, most: 8 * 3_600_000 };

function tierOf(mix: Settings["mix"], place: number): Tier {
  let left = place * tiers.reduce((sum, tier) => sum + mix[tier], 0);
  for (const tier of tiers) {
    left -= mix[tier];
    if (left < 0) return tier;
  }
  return "P3";
}

/** One to five, three on average. */
const directorCount = (random: () => number) => 1 + Math.floor(random() * 5);

function directorOf({ startAt, endAt }: Settings, random: () => number): SimulatedDirector {
  const fails = random() < failing;
  const deadFrom = fails ? startAt + random() * (endAt - startAt) : Number.POSITIVE_INFINITY;
  const deadUntil = deadFrom + outageMs.least + random() * (outageMs.most - outageMs.least);
  return { deadFrom, deadUntil, failures: 0, failedAt: 0, buckets: new Map(), writtenAt: 0 };
}

/** How long ago somebody looked: half of the corporations are in daily use, a quarter has been left alone for weeks. */
function viewedAgo(random: () => number): number {
  const place = random();
  if (place < 0.5) return random() * dayMs;
  return place < 0.75 ? (3 + random() * 10) * dayMs : (14 + random() * 30) * dayMs;
}

function stateOf(profile: Profile, calls: number, startAt: number, random: () => number): SimulatedState {
  const { dataset } = profile;
  const interval = lifeMs(profile, calls);
  const refreshedAt = startAt - Math.floor(random() * interval);
  const expiresAt = refreshedAt + interval;
  return {
    dataset: dataset.name,
    refreshedAt,
    nextAt: expiresAt,
    expiresAt,
    leaseUntil: undefined,
    tokens: calls,
    failures: 0,
    version: 1,
    changedAt: refreshedAt,
    left: 0,
    ...(dataset.detailOf === undefined ? {} : { listVersion: 1 }),
    wasBlocked: false,
  };
}

/** Most datasets are no list of anything. */
const none: readonly Task[] = [];

/** Details know their list, and lists their details. */
function link(tasks: readonly Task[]): void {
  for (const task of tasks) {
    const list = tasks.find(({ profile }) => profile.dataset.name === task.profile.dataset.detailOf);
    if (!list) continue;
    task.list = list.state;
    list.details = [...list.details, task];
  }
}

/** Corporations in the middle of their life: each dataset was refreshed some time within its interval. */
export function populate(
  settings: Settings,
  profiles: readonly Profile[],
  random: () => number,
): SimulatedCorporation[] {
  return Array.from({ length: settings.corporations }, (_, index) => {
    const members = Math.min(mostMembers, Math.max(1, Math.round(medianMembers * Math.exp(spread * normal(random)))));
    const corporation: SimulatedCorporation = {
      owner: Owner.corporation(firstId + index),
      tier: tierOf(settings.mix, random()),
      wakeAt: settings.startAt,
      sent: {},
      viewedAt: settings.startAt - viewedAgo(random),
      members,
      directors: Array.from({ length: directorCount(random) }, () => directorOf(settings, random)),
      datasets: [],
      tasks: [],
    };
    for (const profile of profiles) {
      const calls = callsOf(profile, members);
      const state = stateOf(profile, calls, settings.startAt, random);
      corporation.datasets.push(state);
      corporation.tasks.push({ corporation, state, profile, calls, list: undefined, details: none });
    }
    link(corporation.tasks);
    return corporation;
  });
}
