import { nextFire } from "./expression.ts";

interface Schedule {
  expression: string;
  /** Called with the moment that was due, in epoch milliseconds. */
  fire: (dueAt: number) => void;
}

export interface Scheduler {
  /** To be called when simulated time has jumped. */
  wake(): void;
  close(): void;
}

/** Timers overflow past 2^31 ms; a longer wait is taken in steps. */
const longestWaitMs = 86_400_000;

function run({ expression, fire }: Schedule): Scheduler {
  let dueAt = nextFire(expression, Date.now());
  let timer: NodeJS.Timeout | undefined;

  function check(): void {
    clearTimeout(timer);
    if (dueAt === undefined) return;
    const now = Date.now();
    if (now >= dueAt) {
      const missed = dueAt;
      dueAt = nextFire(expression, now);
      fire(missed);
    } else {
      // The clock may have gone back.
      dueAt = Math.min(dueAt, nextFire(expression, now) ?? dueAt);
    }
    if (dueAt !== undefined) timer = setTimeout(check, Math.min(longestWaitMs, Math.max(1, dueAt - now)));
  }

  check();
  return { wake: check, close: () => clearTimeout(timer) };
}

/**
 * Fires schedules by `Date.now()`. A jump over many due moments fires once: what a schedule does then is made up by one
 * run, and a day at once must not start 1,440.
 */
export function startScheduler(schedules: Schedule[]): Scheduler {
  const running = schedules.map(run);
  return {
    wake: () => {
      for (const schedule of running) schedule.wake();
    },
    close: () => {
      for (const schedule of running) schedule.close();
    },
  };
}
