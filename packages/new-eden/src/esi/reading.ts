import { minuteMs } from "../clock.ts";

/** What one caller was told about one set of pages. */
interface SetReading {
  pages: Map<number | string, { serial: number; expiresMs: number; readMs: number }>;
  /** Pages that may be asked again at once, since what was told was torn or broken. */
  free: Set<number | string>;
  doubtful: Set<number>;
}

export interface Told {
  caller: string;
  /** Operation and parameters without the page. */
  set: string;
  page: number | string;
  serial: number;
  expiresMs: number;
  nowMs: number;
  /** The answer was spoilt on purpose: the caller has reason to read the set again. */
  isDoubtful: boolean;
}

/** Pages read within this time of each other belong to one reading of the set. */
const setReadingMs = 2 * minuteMs;

/**
 * Counts fetches before the expiry that the same caller was told: circumventing the cache, which CCP bans. Reading a
 * set again because its pages did not belong together is fair, once per page.
 */
export class Readings {
  readonly #bySet = new Map<string, SetReading>();
  early = 0;
  /** The latest early fetches, to find out who did it. */
  readonly examples: { caller: string; set: string; page: number | string; tooEarlyMs: number }[] = [];

  note({ caller, set, page, serial, expiresMs, nowMs, isDoubtful }: Told): void {
    const key = `${caller} ${set}`;
    let reading = this.#bySet.get(key);
    if (!reading) {
      reading = { pages: new Map(), free: new Set(), doubtful: new Set() };
      this.#bySet.set(key, reading);
    }
    const before = reading.pages.get(page);
    const isUnexpired = before !== undefined && nowMs < before.expiresMs;
    if (isUnexpired && !reading.free.delete(page)) {
      this.early += 1;
      this.examples.push({ caller, set, page, tooEarlyMs: before.expiresMs - nowMs });
      if (this.examples.length > 20) this.examples.shift();
    }
    if (!isUnexpired) reading.free.delete(page);
    const others = [...reading.pages].filter(([other, told]) => other !== page && nowMs - told.readMs < setReadingMs);
    if (others.length === 0 && !isUnexpired) reading.doubtful.clear();
    reading.pages.set(page, { serial, expiresMs, readMs: nowMs });
    const isNew = !others.some(([, told]) => told.serial === serial) && before?.serial !== serial;
    const isTorn = isNew && others.some(([, told]) => told.serial !== serial);
    if (isTorn || isDoubtful) {
      reading.doubtful.add(serial);
      reading.free = new Set(reading.pages.keys());
    } else if (!isUnexpired && reading.doubtful.has(serial)) {
      reading.free.add(page);
    }
  }

  reset(): void {
    this.early = 0;
    this.examples.length = 0;
  }
}
