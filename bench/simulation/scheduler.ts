import type { Dataset } from "@tapi/core/engine/dataset";
import type { Payer } from "@tapi/core/engine/kind";
import { keyOf } from "@tapi/core/owner";
import { type RefreshQueue, refreshQueues } from "@tapi/core/platform/topology";
import { admit } from "../../packages/core/src/engine/schedule/admit.ts";
import { afford, tightGroups } from "../../packages/core/src/engine/schedule/budget.ts";
import { isPlenty, type Pace } from "../../packages/core/src/engine/schedule/pace.ts";
import {
  arrivalsOf,
  type Decision,
  type Due,
  decide,
  inTurns,
  next,
} from "../../packages/core/src/engine/schedule/plan.ts";
import { inDowntime } from "../../packages/core/src/eve/esi/downtime.ts";
import type { SimulatedCorporation, Task } from "./population.ts";
import type { Profile } from "./profile.ts";
import type { World } from "./refresh.ts";
import type { SimulatedMessage, SimulatedWorkers } from "./workers.ts";

/** From a round's beginning until its messages are in the queues; pnpm bench tick measures it. */
const roundMs = 7_000;
const unhealthyAfter = 3;

/** The scheduler's round, as schedule/dispatch.ts does it: every decision is that module's own code. */
export class SimulatedScheduler {
  readonly #world: World;
  readonly #workers: SimulatedWorkers;
  readonly #corporations: readonly SimulatedCorporation[];
  readonly #datasets: readonly Dataset[];
  readonly #indexOf: ReadonlyMap<string, number>;
  readonly #byName: ReadonlyMap<string, Dataset>;
  readonly #byId: ReadonlyMap<string, SimulatedCorporation>;
  #paces: Partial<Record<RefreshQueue, Pace>> = {};

  constructor(
    world: World,
    workers: SimulatedWorkers,
    corporations: readonly SimulatedCorporation[],
    profiles: readonly Profile[],
  ) {
    this.#world = world;
    this.#workers = workers;
    this.#corporations = corporations;
    this.#datasets = profiles.map(({ dataset }) => dataset);
    this.#indexOf = new Map(this.#datasets.map(({ name }, index) => [name, index]));
    this.#byName = new Map(this.#datasets.map((dataset) => [dataset.name, dataset]));
    this.#byId = new Map(corporations.map((corporation) => [keyOf(corporation.owner), corporation]));
  }

  async round(now: number): Promise<void> {
    const { measures, esi } = this.#world;
    // The scheduler asks ESI whether it is up; then the status route answers.
    if (inDowntime(now) && esi.isDown(now)) return;
    const due = new Map<RefreshQueue, Due[]>(refreshQueues.map((queue) => [queue, []]));
    const considered: { corporation: SimulatedCorporation; decision: Decision }[] = [];
    const settingsOf = this.#workers.settingsOf;
    for (const corporation of inTurns(this.#corporations.filter(({ wakeAt }) => wakeAt <= now))) {
      const isEnough = (queue: RefreshQueue) =>
        isPlenty(due.get(queue)?.length ?? 0, this.#paces[queue], settingsOf(queue));
      if (refreshQueues.every(isEnough)) break;
      measures.wakeUps += 1;
      const decision = this.#consider(corporation, now);
      considered.push({ corporation, decision });
      for (const each of decision.send) {
        const queue = this.#byName.get(each.dataset)?.queue;
        if (queue) due.get(queue)?.push(each);
      }
    }
    const sent: Due[] = [];
    for (const [queue, all] of due) for (const each of await this.#fill(queue, all, now)) sent.push(each);
    const arrivals = arrivalsOf(sent);
    for (const { corporation, decision } of considered) {
      const following = next(corporation, decision, arrivals, now);
      if (following.wakeAt !== corporation.wakeAt || decision.send.length > 0) measures.rowWrites += 1;
      Object.assign(corporation, following);
    }
  }

  #consider(corporation: SimulatedCorporation, now: number): Decision {
    const { measures, esi } = this.#world;
    const statuses = corporation.datasets;
    const decision = decide(corporation, this.#datasets, now);
    if (decision.send.length === 0) return decision;
    const tight = tightGroups(statuses, this.#datasets);
    if (tight.size === 0) return decision;
    measures.directorReads += 1;
    const payers: Payer[] = corporation.directors
      .filter(({ failures }) => failures < unhealthyAfter)
      .map((director) => ({ mayFetch: () => true, buckets: esi.stored(director) }));
    const afforded = afford(
      decision,
      { statuses, catalogue: { find: (name) => this.#byName.get(name) }, payers, tight },
      now,
    );
    measures.deferred += decision.send.length - afforded.send.length;
    return afforded;
  }

  async #fill(queue: RefreshQueue, due: readonly Due[], now: number): Promise<readonly Due[]> {
    const { measures } = this.#world;
    const depth = () => Promise.resolve(this.#workers.depth(queue, now));
    const admitted = await admit(due, this.#paces[queue], { workers: this.#workers.settingsOf(queue), depth, now });
    if (admitted.pace) this.#paces[queue] = admitted.pace;
    const messages = admitted.chosen.map((each) => this.#messageOf(each, now));
    this.#workers.send(queue, messages);
    for (const { tier } of admitted.chosen) measures.messages[tier] += 1;
    measures.messagesTo.set(queue, (measures.messagesTo.get(queue) ?? 0) + messages.length);
    measures.depthOf(queue).add(this.#workers.depth(queue, now).waiting);
    return admitted.chosen;
  }

  #messageOf({ owner, dataset, arriveAt }: Due, now: number): SimulatedMessage {
    const task = this.#byId.get(keyOf(owner))?.tasks[this.#indexOf.get(dataset) as number] as Task;
    return { task, availableAt: Math.max(now + roundMs, Math.ceil(arriveAt / 1000) * 1000) };
  }
}
