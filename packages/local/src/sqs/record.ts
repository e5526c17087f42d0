import type { Message } from "./message.ts";
import type { Duplicate } from "./queue.ts";

/** A move of messages out of a dead-letter queue. */
export interface MoveTask {
  handle: string;
  sourceArn: string;
  destinationArn?: string;
  perSecond?: number;
  status: "RUNNING" | "COMPLETED" | "CANCELLED" | "FAILED";
  moved: number;
  toMove: number;
  startedAt: number;
  failureReason?: string;
}

/**
 * What can happen to the queues. A line of the journal is an array of these that happen together; applying all lines
 * in order gives the state. `queue` is a queue's name; moments are epoch milliseconds.
 */
export type Change =
  | { op: "create"; queue: string; attributes: Record<string, string>; tags: Record<string, string>; at: number }
  | { op: "attributes"; queue: string; attributes: Record<string, string>; at: number }
  | { op: "tags"; queue: string; tags: Record<string, string> }
  | { op: "drop"; queue: string }
  | { op: "purge"; queue: string; at: number }
  | { op: "send"; queue: string; message: Message; dueAt: number; inFlight?: boolean }
  | { op: "receive"; queue: string; ids: string[]; at: number; until: number }
  | { op: "visibility"; queue: string; id: string; until: number }
  | { op: "delete"; queue: string; id: string }
  | { op: "dead"; queue: string; id: string; to: string; sourceArn: string }
  | { op: "duplicate"; queue: string; key: string; duplicate: Duplicate }
  | { op: "sequence"; last: number }
  | { op: "task"; task: MoveTask };
