import { randomUUID } from "node:crypto";
import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { Broker } from "./broker.ts";
import { invalidParameter, resourceNotFound } from "./errors.ts";
import { type Message, resent } from "./message.ts";
import { operation } from "./parse.ts";
import type { Queue } from "./queue.ts";
import type { Change, MoveTask } from "./record.ts";

/** Messages moved per line of the journal when the caller sets no rate. */
const stepSize = 100;
/** Finished tasks kept per source queue, as many as SQS lists. */
const keptTasks = 10;

const StartInput = z.object({
  SourceArn: z.string(),
  DestinationArn: z.string().nullish(),
  MaxNumberOfMessagesPerSecond: z.int().min(1).max(500).nullish(),
});

const noSource = "A message names no source queue that exists: give a destination.";

/** Moves messages out of dead-letter queues; a task that a crash interrupts goes on at the next start. */
export class MoveTasks {
  readonly #broker: Broker;
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(broker: Broker) {
    this.#broker = broker;
  }

  resume(): void {
    for (const task of this.#broker.tasks.values()) if (task.status === "RUNNING") this.#launch(task.handle);
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#running);
  }

  async start(input: z.output<typeof StartInput>): Promise<string> {
    const source = this.#source(input.SourceArn);
    if (this.#broker.sourcesOf(source).length === 0) {
      throw invalidParameter("Source queue must be configured as a Dead Letter Queue.");
    }
    if (input.DestinationArn && !this.#broker.findByArn(input.DestinationArn)) {
      throw resourceNotFound("The resource that you specified for the DestinationArn parameter doesn't exist.");
    }
    const earlier = this.list(input.SourceArn);
    if (earlier.some(({ status }) => status === "RUNNING")) {
      throw invalidParameter(
        "There is already a task running. Only one active task is allowed for a source queue arn at a given time.",
      );
    }
    for (const { handle } of earlier.slice(keptTasks - 1)) this.#broker.tasks.delete(handle);
    const task: MoveTask = {
      handle: Buffer.from(JSON.stringify({ taskId: randomUUID(), sourceArn: input.SourceArn })).toString("base64"),
      sourceArn: input.SourceArn,
      ...(input.DestinationArn ? { destinationArn: input.DestinationArn } : {}),
      ...(input.MaxNumberOfMessagesPerSecond ? { perSecond: input.MaxNumberOfMessagesPerSecond } : {}),
      status: "RUNNING",
      moved: 0,
      toMove: source.counts.ready,
      startedAt: Date.now(),
    };
    await this.#broker.commit([{ op: "task", task }]);
    this.#launch(task.handle);
    return task.handle;
  }

  /** Latest first. */
  list(sourceArn: string): MoveTask[] {
    return [...this.#broker.tasks.values()].filter((task) => task.sourceArn === sourceArn).reverse();
  }

  async cancel(handle: string): Promise<number> {
    const task = this.#broker.tasks.get(handle);
    if (task?.status !== "RUNNING") throw resourceNotFound("The task handle does not name a running task.");
    await this.#broker.commit([{ op: "task", task: { ...task, status: "CANCELLED" } }]);
    return task.moved;
  }

  #source(arn: string): Queue {
    const queue = this.#broker.findByArn(arn);
    if (!queue) throw resourceNotFound("The resource that you specified for the SourceArn parameter doesn't exist.");
    queue.advance(Date.now());
    return queue;
  }

  #launch(handle: string): void {
    const run = this.#run(handle).catch((error: unknown) => console.error("A move of messages stopped", error));
    this.#running.add(run);
    void run.finally(() => this.#running.delete(run));
  }

  async #run(handle: string): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const task = this.#broker.tasks.get(handle);
      if (task?.status !== "RUNNING") return;
      await this.#broker.commit(this.#step(task));
      if (task.perSecond) {
        await pause(1000 / task.perSecond, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      } else await nextTurn();
    }
  }

  /** The next messages' move and the task's progress, as one change: a crash moves them all or none. */
  #step(task: MoveTask): Change[] {
    const source = this.#broker.findByArn(task.sourceArn);
    const changes: Change[] = [];
    let moved = task.moved;
    source?.advance(Date.now());
    for (const { message } of source?.ready() ?? []) {
      const target = this.#broker.findByArn(task.destinationArn ?? message.sourceArn ?? "");
      if (!source || !target) {
        return [...changes, { op: "task", task: { ...task, moved, status: "FAILED", failureReason: noSource } }];
      }
      changes.push(...this.#move(source, target, message, moved - task.moved));
      moved++;
      if (task.perSecond || moved - task.moved === stepSize) break;
    }
    const status = changes.length === 0 ? "COMPLETED" : "RUNNING";
    return [...changes, { op: "task", task: { ...task, moved, status } }];
  }

  #move(source: Queue, target: Queue, message: Message, index: number): Change[] {
    const now = Date.now();
    const again = {
      ...resent(message, now),
      ...(target.fifo ? { sequence: this.#broker.nextSequence() + index } : {}),
    };
    return [
      { op: "delete", queue: source.name, id: message.id },
      { op: "send", queue: target.name, message: again, dueAt: now },
    ];
  }
}

const present = (task: MoveTask) => ({
  ...(task.status === "RUNNING" ? { TaskHandle: task.handle } : {}),
  Status: task.status,
  SourceArn: task.sourceArn,
  ...(task.destinationArn ? { DestinationArn: task.destinationArn } : {}),
  ...(task.perSecond ? { MaxNumberOfMessagesPerSecond: task.perSecond } : {}),
  ApproximateNumberOfMessagesMoved: task.moved,
  ApproximateNumberOfMessagesToMove: task.toMove,
  ...(task.failureReason ? { FailureReason: task.failureReason } : {}),
  StartedTimestamp: task.startedAt,
});

const ListInput = z.object({ SourceArn: z.string(), MaxResults: z.int().min(1).max(keptTasks).nullish() });

export const moveTaskOperations = (tasks: MoveTasks) => ({
  StartMessageMoveTask: operation(StartInput, async (input) => ({ TaskHandle: await tasks.start(input) })),

  ListMessageMoveTasks: operation(ListInput, ({ SourceArn, MaxResults }) => ({
    Results: tasks
      .list(SourceArn)
      .slice(0, MaxResults ?? 1)
      .map(present),
  })),

  CancelMessageMoveTask: operation(z.object({ TaskHandle: z.string() }), async (input) => ({
    ApproximateNumberOfMessagesMoved: await tasks.cancel(input.TaskHandle),
  })),
});
