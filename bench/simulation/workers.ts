import { type QueueSettings, queues, type RefreshQueue, refreshQueues } from "@tapi/core/platform/topology";
import { Heap } from "./heap.ts";
import type { Task } from "./population.ts";
import { begin, type World } from "./refresh.ts";

export interface SimulatedMessage {
  task: Task;
  availableAt: number;
}

interface Queue {
  settings: QueueSettings;
  /** What a message keeps a worker busy at least. */
  leastMs: number;
  /** When each of its workers is free again. */
  freeAt: number[];
  waiting: SimulatedMessage[];
  next: number;
  /** When its next batch starts. */
  startsAt: number;
}

interface Ending {
  at: number;
  end: (at: number) => void;
}

/** Lambda gives a whole core with this much memory. */
const coreMb = 1769;

function startOf({ settings, freeAt, waiting, next }: Queue): number {
  const first = waiting[next];
  if (!first) return Number.POSITIVE_INFINITY;
  const last = waiting[next + settings.batchSize - 1];
  const gathered = Math.min(
    first.availableAt + settings.windowSeconds * 1000,
    last?.availableAt ?? Number.POSITIVE_INFINITY,
  );
  return Math.max(Math.min(...freeAt), gathered);
}

export interface WorkerOptions {
  /** Of the topology's workers so many are there. Default: all. */
  workersPart?: number;
  /** Messages that a queue's workers get through in a minute at the most. Default: as fast as their refreshes are. */
  perMinute?: (queue: RefreshQueue) => number;
}

/** The queues and their workers: batch sizes, windows, concurrency and memory are the topology's. */
export class SimulatedWorkers {
  readonly #queues: ReadonlyMap<RefreshQueue, Queue>;
  readonly #endings = new Heap<Ending>();
  readonly #world: World;

  constructor(world: World, { workersPart = 1, perMinute = () => Number.POSITIVE_INFINITY }: WorkerOptions) {
    this.#world = world;
    this.#queues = new Map(
      refreshQueues.map((queue) => {
        const maxConcurrency = Math.ceil(queues[queue].maxConcurrency * workersPart);
        const settings = { ...queues[queue], maxConcurrency };
        const leastMs = (maxConcurrency * 60_000) / perMinute(queue);
        const freeAt = Array.from({ length: settings.maxConcurrency }, () => 0);
        return [queue, { settings, leastMs, freeAt, waiting: [], next: 0, startsAt: Number.POSITIVE_INFINITY }];
      }),
    );
  }

  settingsOf = (queue: RefreshQueue): QueueSettings => this.#get(queue).settings;

  depth(queue: RefreshQueue, now: number): { waiting: number; delayed: number } {
    const { waiting, next } = this.#get(queue);
    const due = waiting.findIndex(({ availableAt }, at) => at >= next && availableAt > now);
    return { waiting: waiting.length - next, delayed: due < 0 ? 0 : waiting.length - due };
  }

  send(queue: RefreshQueue, messages: readonly SimulatedMessage[]): void {
    const own = this.#get(queue);
    own.waiting = [...own.waiting.slice(own.next), ...messages].sort((a, b) => a.availableAt - b.availableAt);
    own.next = 0;
    own.startsAt = startOf(own);
  }

  /** Messages that a worker sends on. */
  forward(tasks: readonly Task[], at: number): void {
    for (const task of tasks) this.send(task.profile.dataset.queue, [{ task, availableAt: at }]);
  }

  /** Lets everybody work until then. */
  run(until: number): void {
    for (;;) {
      let first: Queue | undefined;
      for (const queue of this.#queues.values()) if (!first || queue.startsAt < first.startsAt) first = queue;
      const ending = this.#endings.first;
      const startsAt = first?.startsAt ?? Number.POSITIVE_INFINITY;
      if (Math.min(startsAt, ending?.at ?? Number.POSITIVE_INFINITY) > until) return;
      if (ending && ending.at <= startsAt) {
        this.#endings.pop();
        ending.end(ending.at);
      } else if (first) {
        this.#invoke(first);
      }
    }
  }

  /** One batch: all of it waits side by side and shares one processor; the worker is free when the last one is done. */
  #invoke(queue: Queue): void {
    const { settings, startsAt: now } = queue;
    const cores = settings.memoryMb / coreMb;
    let busyMs = 0;
    const ends: number[] = [];
    for (let taken = 0; taken < settings.batchSize; taken += 1) {
      const message = queue.waiting[queue.next];
      if (!message || message.availableAt > now) break;
      queue.next += 1;
      const running = begin(this.#world, message.task, now);
      busyMs += running.cpuMs / cores;
      const at = now + running.waitMs + busyMs;
      ends.push(at);
      if (running.end) this.#endings.push({ at, end: running.end });
    }
    const worker = queue.freeAt.indexOf(Math.min(...queue.freeAt));
    queue.freeAt[worker] = Math.max(...ends, now + ends.length * queue.leastMs);
    queue.startsAt = startOf(queue);
  }

  #get(queue: RefreshQueue): Queue {
    const own = this.#queues.get(queue);
    if (!own) throw new Error(`no queue is called ${queue}`);
    return own;
  }
}
