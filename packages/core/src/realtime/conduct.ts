// What a socket may do in a minute. Counted in the process alone, so that a message beyond it costs nothing: no read, no
// answer. A socket's messages meet a handful of processes at most, and what each lets pass is bounded here.

const windowMs = 60_000;
/** The app sends a few when it opens and a ping now and then. */
const maxMessages = 60;
/** Topics that a page asks for and its user may not see: one or two, when a right has just been taken away. */
const maxRefusals = 100;
/** Topics of which it is found out with a read of their own whether the user may see them. */
const maxLookUps = 10;
const maxSubjects = 10_000;

interface Count {
  since: number;
  messages: number;
  refusals: number;
  lookUps: number;
}

const counts = new Map<string, Count>();

function countOf(subject: string): Count {
  const now = Date.now();
  const known = counts.get(subject);
  const count = known && now - known.since < windowMs ? known : { since: now, messages: 0, refusals: 0, lookUps: 0 };
  counts.delete(subject);
  counts.set(subject, count);
  const oldest = counts.keys().next().value;
  if (counts.size > maxSubjects && oldest !== undefined) counts.delete(oldest);
  return count;
}

/** Whether a message is looked at; `last` is the first that is not: with it the socket is closed. */
export function admit(connectionId: string): "yes" | "no" | "last" {
  const count = countOf(connectionId);
  count.messages += 1;
  if (count.messages <= maxMessages && count.refusals <= maxRefusals) return "yes";
  const isLast = count.messages <= maxMessages + 1 && count.refusals <= maxRefusals;
  return isLast ? "last" : "no";
}

/** Counts what was refused; whether that is so much that the socket is to be closed. */
export function refuse(connectionId: string, topics: number): boolean {
  const count = countOf(connectionId);
  count.refusals += topics;
  return count.refusals > maxRefusals;
}

/** How many of these topics may be looked up one by one; of all sockets of a user together. */
export function takeLookUps(userId: string, wanted: number): number {
  const count = countOf(`user#${userId}`);
  const taken = Math.min(wanted, Math.max(0, maxLookUps - count.lookUps));
  count.lookUps += taken;
  return taken;
}
