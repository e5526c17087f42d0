import { mergeAttributes, readSettings, type Settings } from "./attributes.ts";
import { type DeliveryOrder, FifoOrder, type Slot, StandardOrder, type State } from "./delivery-order.ts";
import { DueHeap } from "./due-heap.ts";
import type { Message } from "./message.ts";

/** Five minutes: the window within which SQS takes a message with the same deduplication id for the same message. */
const deduplicationMs = 300_000;

export interface Duplicate {
  id: string;
  sequence: number;
  until: number;
}

/** One queue's state in memory. Nothing here waits or writes; `Broker` journals what it does to a queue. */
export class Queue {
  readonly name: string;
  readonly fifo: boolean;
  readonly createdAt: number;
  modifiedAt: number;
  purgedAt = 0;
  attributes: Record<string, string>;
  tags: Record<string, string>;
  settings: Settings;
  readonly duplicates = new Map<string, Duplicate>();
  #slots = new Map<string, Slot>();
  #order: DeliveryOrder;
  #due = new DueHeap<{ slot: Slot; ticket: number }>();
  #counts: Record<State, number> = { delayed: 0, ready: 0, inFlight: 0, gone: 0 };

  constructor(input: {
    name: string;
    attributes: Record<string, string>;
    tags: Record<string, string>;
    createdAt: number;
  }) {
    this.name = input.name;
    this.fifo = input.name.endsWith(".fifo");
    this.createdAt = input.createdAt;
    this.modifiedAt = input.createdAt;
    this.attributes = input.attributes;
    this.tags = input.tags;
    this.settings = readSettings(this.attributes, this.fifo);
    this.#order = this.#newOrder();
  }

  setAttributes(attributes: Record<string, string>, at: number): void {
    this.attributes = mergeAttributes(this.attributes, attributes);
    this.settings = readSettings(this.attributes, this.fifo);
    this.modifiedAt = at;
  }

  /** A message that becomes ready at `dueAt`. */
  add(message: Message, dueAt: number, inFlight = false): void {
    const slot: Slot = { message, state: "gone", dueAt, ticket: 0 };
    this.#slots.set(message.id, slot);
    this.#change(slot, inFlight ? "inFlight" : "delayed", dueAt);
    if (message.deduplicationId !== undefined) {
      const { id, sequence = 0, sentAt } = message;
      this.duplicates.set(this.duplicateKey(message), { id, sequence, until: sentAt + deduplicationMs });
    }
  }

  duplicateKey(message: Pick<Message, "groupId" | "deduplicationId">): string {
    const scope = this.settings.deduplicatesByGroup ? message.groupId : "";
    return `${scope}\n${message.deduplicationId}`;
  }

  find(id: string): Slot | undefined {
    return this.#slots.get(id);
  }

  slots(): Iterable<Slot> {
    return this.#slots.values();
  }

  received(id: string, at: number, until: number): void {
    const slot = this.#slots.get(id);
    if (!slot) return;
    slot.message.receiveCount++;
    slot.message.firstReceivedAt ??= at;
    this.#change(slot, "inFlight", until);
  }

  setVisibleAt(id: string, until: number): void {
    const slot = this.#slots.get(id);
    if (slot) this.#change(slot, "inFlight", until);
  }

  remove(id: string): Message | undefined {
    const slot = this.#slots.get(id);
    if (!slot) return undefined;
    this.#slots.delete(id);
    this.#change(slot, "gone", 0);
    return slot.message;
  }

  purge(at: number): void {
    this.#slots = new Map();
    this.#order = this.#newOrder();
    this.#due = new DueHeap();
    this.#counts = { delayed: 0, ready: 0, inFlight: 0, gone: 0 };
    this.purgedAt = at;
  }

  /** Makes ready what has become due. */
  advance(now: number): void {
    for (let next = this.#nextValid(); next && next.dueAt <= now; next = this.#nextValid()) {
      this.#due.pop();
      this.#change(next, "ready", 0);
    }
  }

  /** When the next delayed or in-flight message becomes ready. */
  nextDueAt(): number | undefined {
    return this.#nextValid()?.dueAt;
  }

  ready(): Iterable<Slot> {
    return this.#order.ready();
  }

  get counts(): Readonly<Record<"delayed" | "ready" | "inFlight", number>> {
    return this.#counts;
  }

  /** Ids of the messages that are older than the queue keeps them. */
  *expired(now: number): Iterable<string> {
    for (const { message } of this.#slots.values()) {
      if (message.sentAt + this.settings.retentionSeconds * 1000 <= now) yield message.id;
    }
  }

  #nextValid(): Slot | undefined {
    for (;;) {
      const next = this.#due.peek()?.item;
      if (!next || next.slot.ticket === next.ticket) return next?.slot;
      this.#due.pop();
    }
  }

  #change(slot: Slot, state: State, dueAt: number): void {
    const from = slot.state;
    this.#counts[from]--;
    this.#counts[state]++;
    slot.state = state;
    slot.dueAt = dueAt;
    slot.ticket++;
    if (state === "delayed" || state === "inFlight") this.#due.push(dueAt, { slot, ticket: slot.ticket });
    this.#order.changed(slot, from);
  }

  #newOrder(): DeliveryOrder {
    return this.fifo ? new FifoOrder() : new StandardOrder();
  }
}
