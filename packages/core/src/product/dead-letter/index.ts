import * as z from "zod";
import * as Access from "../../access/index.ts";
import * as Audit from "../../audit/index.ts";
import * as Cursor from "../../platform/cursor/index.ts";
import { VisibleError } from "../../platform/error/index.ts";
import { fn } from "../../platform/fn/index.ts";
import * as Queue from "../../platform/queue/index.ts";
import { type QueueName, queues } from "../../platform/topology/index.ts";
import { depth, type Held, hold, mostHeld, release, remove } from "./hold.ts";
import { describe, type Letter, Name } from "./letter.ts";
import { isMoving, moveAll, sendBack } from "./move.ts";

export { Attempt } from "../attempt/index.ts";
export { Letter } from "./letter.ts";

export const queueNames = Object.keys(queues) as QueueName[];

/** Lets `body` look at a queue's dead letters; whatever it did not delete is anyone's again afterwards. */
async function looking<T>(queue: QueueName, isWanted: ((held: Held) => boolean) | undefined, body: Looking<T>) {
  const held = await hold(queue, isWanted);
  const removed = new Set<Held>();
  try {
    return await body(held, async (gone) => {
      await remove(queue, gone);
      for (const each of gone) removed.add(each);
    });
  } finally {
    await release(
      queue,
      held.filter((each) => !removed.has(each)),
    );
  }
}
type Looking<T> = (held: Held[], removeForGood: (held: Held[]) => Promise<void>) => Promise<T>;

const newestFirst = (a: Held, b: Held): number =>
  b.sentAt - a.sentAt || (a.messageId < b.messageId ? -1 : a.messageId > b.messageId ? 1 : 0);

/** What a cursor belongs to: the list of one queue, or of all. */
const cursorScope = (queue: QueueName | undefined) => ["dead-letters", queue ?? null];

const Place = z.object({ sentAt: z.number(), messageId: z.string() });

/** Where a page begins: after the message that the last one ended with, whether that one is still there or not. */
function isAfter(queue: QueueName | undefined, cursor: string | undefined): (held: Held) => boolean {
  if (cursor === undefined) return () => true;
  const place = Cursor.read(cursorScope(queue), cursor, { code: "dead_letter.bad_cursor", place: Place });
  return (held) => newestFirst({ ...held, ...place }, held) < 0;
}

export interface Page {
  letters: Letter[];
  /** Dead letters in all these queues, also those that someone else is viewing. */
  total: number;
  /** When the oldest of them was sent; absent where not all could be looked at, since any other may be older. */
  oldestSentAt?: string;
  nextCursor?: string;
}

function oldestOf(held: readonly Held[], total: number): Pick<Page, "oldestSentAt"> {
  if (held.length === 0 || held.length < total) return {};
  return { oldestSentAt: new Date(Math.min(...held.map(({ sentAt }) => sentAt))).toISOString() };
}

/**
 * Messages that failed for good, newest first, over one queue or all. Looking takes nothing out: a message is hidden
 * from others for as long as it is read, and counted all the same. At most the first thousand of a queue are read.
 */
export const list = fn(
  z.object({
    queue: Name.optional(),
    limit: z.coerce.number().int().min(1).max(100).default(50),
    cursor: z.string().max(Cursor.longest).optional(),
  }),
  async ({ queue, limit, cursor }): Promise<Page> => {
    await Access.requireAdmin();
    const isNext = isAfter(queue, cursor);
    const names = queue ? [queue] : queueNames;
    const found = await Promise.all(
      names.map(async (each) => {
        const { waiting, inFlight } = await depth(each);
        return {
          count: waiting + inFlight,
          held: waiting > 0 ? await looking(each, undefined, async (all) => all) : [],
        };
      }),
    );
    const all = found.flatMap(({ held }) => held);
    const total = found.reduce((sum, { count, held }) => sum + Math.max(count, held.length), 0);
    const after = all.filter(isNext).sort(newestFirst);
    const shown = after.slice(0, limit);
    const last = shown.at(-1);
    return {
      letters: await describe(shown),
      total,
      ...oldestOf(all, total),
      ...(after.length > limit && last ? { nextCursor: Cursor.write(cursorScope(queue), Place.parse(last)) } : {}),
    };
  },
);

const One = z.object({ queue: Name, messageId: z.string().min(1).max(100) });
const All = z.object({ queue: Name, all: z.literal(true) });
const Reason = { reason: z.string().trim().min(3).max(500) };

/** Runs `body` with the one message in hand. */
async function withLetter<T>(
  { queue, messageId }: z.output<typeof One>,
  body: (held: Held, removeForGood: () => Promise<void>) => Promise<T>,
): Promise<T> {
  return looking(
    queue,
    (held) => held.messageId === messageId,
    async (all, removeForGood) => {
      const held = all.find((each) => each.messageId === messageId);
      if (held) return body(held, () => removeForGood([held]));
      const { waiting, inFlight } = await depth(queue);
      if (inFlight > all.length || waiting > 0) {
        throw new VisibleError(
          "conflict",
          "dead_letter.busy",
          "Someone else is viewing this queue's dead letters. Try again in 30 seconds.",
        );
      }
      throw new VisibleError("not_found", "dead_letter.not_found", "There is no such dead letter any more.");
    },
  );
}

/** One message with all that is known of it. */
export const get = fn(One, async (which): Promise<Letter> => {
  await Access.requireAdmin();
  return withLetter(which, async (held) => {
    const [letter] = await describe([held]);
    return letter as Letter;
  });
});

const subjectOf = ({ queue, messageId, trace, body, sentAt }: Held) => ({
  queue,
  messageId,
  trace,
  body,
  sentAt: new Date(sentAt).toISOString(),
});

async function redriveAll(queue: QueueName): Promise<{ redriven: number }> {
  const { arn, waiting } = await depth(queue);
  if (waiting === 0) return { redriven: 0 };
  if (await isMoving(arn)) {
    throw new VisibleError("conflict", "dead_letter.moving", "This queue's dead letters are being moved already.");
  }
  await moveAll(arn);
  await Audit.record({ action: "dead_letter.redriven", subject: { queue, count: waiting } });
  return { redriven: waiting };
}

/**
 * Sends dead letters back to the queue they came from: one (sent first, then deleted, so that a crash in between
 * duplicates and never loses), or all by SQS's own move. What is out of date by then does nothing when it is consumed.
 */
export const redrive = fn(z.union([One, All]), async (which): Promise<{ redriven: number }> => {
  await Access.requireAdmin();
  if ("all" in which) return redriveAll(which.queue);
  return withLetter(which, async (held, removeForGood) => {
    await sendBack(held);
    await removeForGood();
    await Audit.record({ action: "dead_letter.redriven", subject: subjectOf(held) });
    return { redriven: 1 };
  });
});

/** Written first, then deleted: a message that is gone has its entry, whatever happens in between. */
async function discardHeld(held: Held[], reason: string, removeForGood: (held: Held[]) => Promise<void>) {
  for (let from = 0; from < held.length; from += 10) {
    const some = held.slice(from, from + 10);
    await Promise.all(
      some.map((each) => Audit.record({ action: "dead_letter.discarded", reason, subject: subjectOf(each) })),
    );
    await removeForGood(some);
  }
}

/** Discards in as many rounds as it takes: a round holds a thousand. */
async function discardAll(queue: QueueName, reason: string): Promise<{ discarded: number }> {
  for (let discarded = 0; ; ) {
    const count = await looking(queue, undefined, async (all, removeForGood) => {
      await discardHeld(all, reason, removeForGood);
      return all.length;
    });
    discarded += count;
    if (count < mostHeld) return { discarded };
  }
}

/** Deletes dead letters, with who did it, when, why, and the message itself left in the audit trail. */
export const discard = fn(
  z.union([One.extend(Reason), All.extend(Reason)]),
  async (which): Promise<{ discarded: number }> => {
    await Access.requireAdmin();
    if ("all" in which) return discardAll(which.queue, which.reason);
    return withLetter(which, async (held, removeForGood) => {
      await discardHeld([held], which.reason, removeForGood);
      return { discarded: 1 };
    });
  },
);

export const QueueState = z.object({
  queue: Name,
  /** Waiting for a worker, delayed ones included. */
  waiting: z.int(),
  inFlight: z.int(),
  deadLetters: z.int(),
});
export type QueueState = z.infer<typeof QueueState>;

/** How full each queue is. How old its oldest message is SQS does not say: CloudWatch does, with an alarm on it. */
export async function queueStates(): Promise<QueueState[]> {
  await Access.requireAdmin();
  return Promise.all(
    queueNames.map(async (queue): Promise<QueueState> => {
      const [{ waiting, inFlight }, dead] = await Promise.all([Queue.depth(queue), depth(queue)]);
      return { queue, waiting, inFlight, deadLetters: dead.waiting + dead.inFlight };
    }),
  );
}
