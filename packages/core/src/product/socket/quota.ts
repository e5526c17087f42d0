import { Bounded } from "../../platform/lru/index.ts";

// What a socket can do in a minute. Counted in the process alone, so that a message above the quota costs nothing: no read,
// no answer. A socket's messages reach a handful of processes at most, each of which has this quota.

const windowMs = 60_000;
/** The app sends a few when it opens, and a ping now and then. */
const maxMessages = 60;
/** Topics that a page asks for and its user cannot read: one or two, just after a right was taken away. */
const maxRefusals = 100;
/** Topics whose right takes a read of its own. */
const maxLookUps = 10;
const maxSubjects = 10_000;

interface Count {
  since: number;
  messages: number;
  refusals: number;
  lookUps: number;
}

const counts = new Bounded<string, Count>(maxSubjects);

function countOf(subject: string): Count {
  const now = Date.now();
  const known = counts.get(subject);
  const count = known && now - known.since < windowMs ? known : { since: now, messages: 0, refusals: 0, lookUps: 0 };
  counts.set(subject, count);
  return count;
}

/** Whether a message is handled. `last`: the first one above the quota, at which the socket is to be closed. */
export function admit(connectionId: string): "yes" | "no" | "last" {
  const count = countOf(connectionId);
  count.messages += 1;
  if (count.messages <= maxMessages && count.refusals <= maxRefusals) return "yes";
  const isLast = count.messages <= maxMessages + 1 && count.refusals <= maxRefusals;
  return isLast ? "last" : "no";
}

/** Counts refused topics; true if they are too many and the socket is to be closed. */
export function refuse(connectionId: string, topics: number): boolean {
  const count = countOf(connectionId);
  count.refusals += topics;
  return count.refusals > maxRefusals;
}

/** How many of the wanted topics can be looked up one by one. Counted over all sockets of a user. */
export function takeLookUps(userId: string, wanted: number): number {
  const count = countOf(`user#${userId}`);
  const taken = Math.min(wanted, Math.max(0, maxLookUps - count.lookUps));
  count.lookUps += taken;
  return taken;
}
