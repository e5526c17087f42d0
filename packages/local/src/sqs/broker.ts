import { queueDoesNotExist } from "./errors.ts";
import { Journal } from "./journal.ts";
import { Queue } from "./queue.ts";
import type { Change, MoveTask } from "./record.ts";

const account = "000000000000";

/** How often messages past their retention are looked for. */
const expiryIntervalMs = 60_000;

/** SQS's own limits. */
const longestDelayMs = 900_000;
const longestInvisibleMs = 43_200_000;

/** All queues, and the one way to change them: `commit`. */
export class Broker {
  readonly queues = new Map<string, Queue>();
  readonly tasks = new Map<string, MoveTask>();
  readonly #region: string;
  readonly #watchers = new Set<(queue: Queue) => void>();
  #journal: Journal | undefined;
  #sequence = 0;
  #expiry: NodeJS.Timeout | undefined;

  constructor(region: string) {
    this.#region = region;
  }

  async open(file: string | undefined, redeliver: boolean, onFailure?: (error: unknown) => void): Promise<void> {
    if (file !== undefined) {
      await Journal.read(file, (line) => {
        for (const change of JSON.parse(line) as Change[]) this.#apply(change);
      });
      if (redeliver) this.#returnInFlight();
      this.#journal = new Journal({ file, snapshot: () => this.#snapshot(), onFailure });
      await this.#journal.start();
    }
    this.#expiry = setInterval(() => this.dropExpired(), expiryIntervalMs);
    this.#expiry.unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#expiry);
    await this.#journal?.close();
  }

  /** `watcher` is told of every queue in which messages may have become ready. */
  watch(watcher: (queue: Queue) => void): void {
    this.#watchers.add(watcher);
  }

  arn(queueName: string): string {
    return `arn:aws:sqs:${this.#region}:${account}:${queueName}`;
  }

  /** A queue's path below the server's own address. */
  path(queueName: string): string {
    return `/${account}/${queueName}`;
  }

  get(queueUrl: string): Queue {
    return this.byName(queueUrl.slice(queueUrl.lastIndexOf("/") + 1));
  }

  byName(name: string): Queue {
    const queue = this.queues.get(name);
    if (!queue) throw queueDoesNotExist();
    queue.advance(Date.now());
    return queue;
  }

  findByArn(arn: string): Queue | undefined {
    return this.queues.get(arn.slice(arn.lastIndexOf(":") + 1));
  }

  /** The queues whose spent messages go to this one. */
  sourcesOf(deadLetterQueue: Queue): Queue[] {
    const arn = this.arn(deadLetterQueue.name);
    return [...this.queues.values()].filter(({ settings }) => settings.redrive?.targetArn === arn);
  }

  nextSequence(): number {
    return this.#sequence + 1;
  }

  /** Makes the changes at once, all or none after a crash; resolves when they are on the disk. */
  commit(changes: Change[]): Promise<void> {
    for (const change of changes) this.#apply(change);
    const written = this.#journal?.append(JSON.stringify(changes)) ?? Promise.resolve();
    const touched = new Set(changes.flatMap((change) => ("queue" in change ? [change.queue] : [])));
    for (const change of changes) if (change.op === "dead") touched.add(change.to);
    for (const name of touched) {
      const queue = this.queues.get(name);
      if (queue) this.touch(queue);
    }
    return written;
  }

  touch(queue: Queue): void {
    queue.advance(Date.now());
    for (const watcher of this.#watchers) watcher(queue);
  }

  /** After simulated time has moved: what is due by the new time becomes ready, what is too old goes. */
  wake(): void {
    this.dropExpired();
    for (const queue of this.queues.values()) this.touch(queue);
  }

  dropExpired(): void {
    const now = Date.now();
    for (const queue of this.queues.values()) {
      this.#hasten(queue, now);
      const changes = [...queue.expired(now)].map((id): Change => ({ op: "delete", queue: queue.name, id }));
      if (changes.length > 0) void this.commit(changes).catch(() => undefined);
      for (const [key, { until }] of queue.duplicates) if (until <= now) queue.duplicates.delete(key);
    }
  }

  /** Once the clock has gone back: nobody may ask to wait for so long, so what waits longer waits for nothing. */
  #hasten(queue: Queue, now: number): void {
    const changes = [...queue.slots()]
      .filter(({ state, dueAt }) => dueAt - now > (state === "delayed" ? longestDelayMs : longestInvisibleMs))
      .map(({ message: { id } }): Change => ({ op: "visibility", queue: queue.name, id, until: 0 }));
    if (changes.length > 0) void this.commit(changes).catch(() => undefined);
  }

  #apply(change: Change): void {
    if (change.op === "task") this.tasks.set(change.task.handle, change.task);
    else if (change.op === "sequence") this.#sequence = Math.max(this.#sequence, change.last);
    else if (change.op === "create") {
      const { queue: name, attributes, tags, at } = change;
      this.queues.set(name, new Queue({ name, attributes, tags, createdAt: at }));
    } else if (change.op === "drop") this.queues.delete(change.queue);
    else {
      const queue = this.queues.get(change.queue);
      if (queue) this.#applyTo(queue, change);
    }
  }

  #applyTo(queue: Queue, change: Exclude<Change, { op: "task" | "sequence" | "create" | "drop" }>): void {
    switch (change.op) {
      case "attributes":
        queue.setAttributes(change.attributes, change.at);
        break;
      case "tags":
        queue.tags = change.tags;
        break;
      case "purge":
        queue.purge(change.at);
        break;
      case "send":
        this.#sequence = Math.max(this.#sequence, change.message.sequence ?? 0);
        queue.add(change.message, change.dueAt, change.inFlight);
        break;
      case "receive":
        for (const id of change.ids) queue.received(id, change.at, change.until);
        break;
      case "visibility":
        queue.setVisibleAt(change.id, change.until);
        break;
      case "delete":
        queue.remove(change.id);
        break;
      case "dead": {
        const message = queue.remove(change.id);
        if (message) this.queues.get(change.to)?.add({ ...message, sourceArn: change.sourceArn }, 0);
        break;
      }
      case "duplicate":
        queue.duplicates.set(change.key, change.duplicate);
        break;
    }
  }

  #returnInFlight(): void {
    for (const queue of this.queues.values()) {
      for (const { message, state } of queue.slots()) if (state === "inFlight") queue.setVisibleAt(message.id, 0);
    }
  }

  #snapshot(): string[] {
    const lines: string[] = [];
    const add = (change: Change) => lines.push(JSON.stringify([change]));
    add({ op: "sequence", last: this.#sequence });
    for (const task of this.tasks.values()) add({ op: "task", task });
    for (const queue of this.queues.values()) {
      const { name, attributes, tags, createdAt, modifiedAt } = queue;
      add({ op: "create", queue: name, attributes, tags, at: createdAt });
      add({ op: "attributes", queue: name, attributes: {}, at: modifiedAt });
      for (const { message, dueAt, state } of queue.slots()) {
        add({ op: "send", queue: name, message, dueAt, ...(state === "inFlight" ? { inFlight: true } : {}) });
      }
      for (const [key, duplicate] of queue.duplicates) add({ op: "duplicate", queue: name, key, duplicate });
    }
    return lines;
  }
}
