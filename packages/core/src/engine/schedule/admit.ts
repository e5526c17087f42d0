import { type Depth, isLittle, type Pace, paceOf, placesAt, type Workers } from "./pace.ts";
import { choose, type Due } from "./plan.ts";

export interface Admitted {
  chosen: readonly Due[];
  pace: Pace | undefined;
}

/**
 * Each message arrives when its turn comes at the workers' pace, not before: what arrives meanwhile for P0 then finds
 * nobody in front of it.
 */
const inStep = (chosen: readonly Due[], perMinute: number, before: number, now: number): Due[] =>
  chosen.map((each, place) => ({
    ...each,
    arriveAt: Math.max(each.arriveAt, now + Math.floor(((before + place) * 60) / perMinute) * 1000),
  }));

/** Which of the due datasets of one queue are sent now, and when they arrive. The depth is asked for only where it matters. */
export async function admit(
  due: readonly Due[],
  before: Pace | undefined,
  { workers, depth, now }: { workers: Workers; depth: () => Promise<Depth>; now: number },
): Promise<Admitted> {
  if (isLittle(due.length, workers)) {
    return { chosen: choose(due, due.length, now), pace: before && { perMinute: before.perMinute, at: now } };
  }
  const found = await depth();
  const perMinute = paceOf(before, found, now, workers);
  const chosen = choose(due, placesAt(perMinute, found.waiting), now);
  const pace = { perMinute, waiting: found.waiting + chosen.length, at: now };
  return { chosen: inStep(chosen, perMinute, found.waiting, now), pace };
}
