import { createClockOffset, installSimulatedClock, setClockOffset } from "../runtime/simulated-clock.ts";

/**
 * When every test file begins, whatever day it is: mid-month, mid-week, in the afternoon, far from EVE's downtime and
 * from any change to summer time. `npm test -- --clock` chooses another.
 */
const usualStart = "2027-03-10T15:00:00Z";

/** The time of this process goes on from a moment, as fast as the real one. Returns the way back. */
export function startClockAt(moment: string): () => void {
  const startMs = Date.parse(moment);
  if (Number.isNaN(startMs)) throw new Error(`"${moment}" is no moment such as ${usualStart}`);
  const offset = createClockOffset();
  const restore = installSimulatedClock(offset);
  setClockOffset(offset, startMs - Date.now());
  return restore;
}

/** How far this process's `Date` is from the machine's: a child process or a worker can be given it. */
export const clockShiftMs = (): number => Math.round(Date.now() - performance.timeOrigin - performance.now());

export const startUsualClock = (): (() => void) => startClockAt(process.env.TEST_CLOCK ?? usualStart);
