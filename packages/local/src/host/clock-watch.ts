import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { writeJsonAtomically } from "./data-dir.mjs";

const Seen = z.object({ at: z.number() });

export interface ClockWatchOptions {
  dataDir: string;
  /** The clock has gone back by so much: what was stored until now lies in the future. Awaited before the next look. */
  onBack: (byMs: number) => Promise<void>;
  say: (line: string) => void;
}

export interface ClockWatch {
  /** Looks, and writes down what it sees. */
  look(): Promise<void>;
  close(): Promise<void>;
}

/** Clocks are put right by seconds all the time; nothing waits for less than this. */
const toleranceMs = 60_000;
const lookEveryMs = 15_000;

const hours = (ms: number): string => `${(ms / 3_600_000).toFixed(1)} hours`;

function lastSeen(file: string): number | undefined {
  try {
    return Seen.parse(JSON.parse(readFileSync(file, "utf8"))).at;
  } catch {
    // The first start, or torn: without it a jump while the host was off goes unnoticed.
    return undefined;
  }
}

/**
 * Notices a clock that has gone back, while the host runs or between two runs: the latest moment that was seen is kept in the
 * data folder. A clock that goes ahead needs no care, as all that waits for a moment looks again within a minute.
 */
export function watchClock({ dataDir, onBack, say }: ClockWatchOptions): ClockWatch {
  const file = join(dataDir, "clock.json");
  let latest = lastSeen(file);
  let running: Promise<void> = Promise.resolve();

  async function see(): Promise<void> {
    const now = Date.now();
    const back = (latest ?? now) - now;
    if (back > toleranceMs) {
      say(`The clock has gone back by ${hours(back)}: everything is looked at anew.`);
      await onBack(back);
    }
    if (latest === undefined || now > latest || back > toleranceMs) {
      latest = now;
      writeJsonAtomically(file, { at: now });
    }
  }

  function look(): Promise<void> {
    running = running
      .then(see)
      .catch((error: Error) => say(`Looking at the clock failed, and is tried again: ${error.message}`));
    return running;
  }

  const timer = setInterval(look, lookEveryMs);
  return {
    look,
    close: () => {
      clearInterval(timer);
      // The clock may have gone ahead since the last look: what is stored is of that time.
      return look();
    },
  };
}
