import type { Message } from "./message.ts";

/** `gone` is before a message's arrival and after its removal. */
export type State = "delayed" | "ready" | "inFlight" | "gone";

/** A message in its queue. `dueAt` is when a delayed or in-flight message becomes ready. */
export interface Slot {
  readonly message: Message;
  state: State;
  dueAt: number;
  /** Grows with every change of state: tells old heap and list entries from the valid one. */
  ticket: number;
}

/** Which of a queue's ready messages are handed out, and in which order. */
export interface DeliveryOrder {
  changed(slot: Slot, from: State): void;
  ready(): Iterable<Slot>;
}

/** A standard queue: first ready, first out. */
export class StandardOrder implements DeliveryOrder {
  #entries: { slot: Slot; ticket: number }[] = [];
  #head = 0;

  changed(slot: Slot): void {
    if (slot.state === "ready") this.#entries.push({ slot, ticket: slot.ticket });
  }

  *ready(): Iterable<Slot> {
    this.#dropStale();
    for (let index = this.#head; index < this.#entries.length; index++) {
      const entry = this.#entries[index];
      if (entry && entry.slot.ticket === entry.ticket) yield entry.slot;
    }
  }

  #dropStale(): void {
    for (;;) {
      const entry = this.#entries[this.#head];
      if (!entry || entry.slot.ticket === entry.ticket) break;
      this.#head++;
    }
    if (this.#head > 1024 && this.#head * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
  }
}

interface Group {
  slots: Slot[];
  inFlight: number;
}

/** A FIFO queue: each group strictly in order, and held while any of its messages is in flight. */
export class FifoOrder implements DeliveryOrder {
  readonly #groups = new Map<string, Group>();

  changed(slot: Slot, from: State): void {
    const id = slot.message.groupId ?? "";
    const group = this.#groups.get(id) ?? { slots: [], inFlight: 0 };
    this.#groups.set(id, group);
    if (from === "gone") group.slots.push(slot);
    if (from === "inFlight") group.inFlight--;
    if (slot.state === "inFlight") group.inFlight++;
    if (slot.state === "gone") group.slots.splice(group.slots.indexOf(slot), 1);
    if (group.slots.length === 0) this.#groups.delete(id);
  }

  *ready(): Iterable<Slot> {
    for (const [id, group] of [...this.#groups]) {
      if (group.inFlight > 0) continue;
      // To the back of the row: the next receive begins with another group.
      this.#groups.delete(id);
      this.#groups.set(id, group);
      for (const slot of [...group.slots]) {
        if (slot.state !== "ready") break;
        yield slot;
      }
    }
  }
}
