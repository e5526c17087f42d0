import { minuteMs } from "../clock.ts";

type Page = number | string;

interface PageReading {
  serial: number;
  expiresMs: number;
  readMs: number;
  /** How often it was read since it last expired. */
  reads: number;
  /** The last answer was a 304. */
  isUnchanged: boolean;
}

/** What one caller was told about one set of pages. */
interface SetReading {
  pages: Map<Page, PageReading>;
  /** How often the set turned out torn or spoilt, or lacked a page: each time is a reason to read all of it once more. */
  doubts: number;
}

export interface Served {
  caller: string;
  /** Operation and parameters without the page. */
  set: string;
  page: Page;
  serial: number;
  expiresMs: number;
  nowMs: number;
  /** The answer was spoilt on purpose. */
  isDoubtful: boolean;
  /** A 304: nothing was handed out. */
  isUnchanged: boolean;
}

/** Pages read within this time of each other belong to one reading of the set. */
const setReadingMs = 2 * minuteMs;
const examplesKept = 20;

/**
 * Counts fetches before the expiry that the same caller was told: circumventing the cache, which CCP bans. Reading a
 * set again because its pages did not belong together is fair, and so is reading a page once in full after its 304.
 */
export class Readings {
  readonly #bySet = new Map<string, SetReading>();
  early = 0;
  /** The latest early fetches, to find out who did it. */
  readonly examples: { caller: string; set: string; page: Page; tooEarlyMs: number }[] = [];

  note({ caller, set, page, serial, expiresMs, nowMs, isDoubtful, isUnchanged }: Served): void {
    const key = `${caller} ${set}`;
    const reading = this.#bySet.get(key) ?? { pages: new Map<Page, PageReading>(), doubts: 0 };
    this.#bySet.set(key, reading);
    const before = reading.pages.get(page);
    const isUnexpired = before !== undefined && nowMs < before.expiresMs;
    const others = [...reading.pages].filter(([other, seen]) => other !== page && nowMs - seen.readMs < setReadingMs);
    if (!isUnexpired && others.length === 0) reading.doubts = 0;
    // Other pages of the set have changed: then this one is needed whole as well, once.
    const isFirstBody = before?.isUnchanged === true && !isUnchanged;
    const reads = isUnexpired ? before.reads + (isFirstBody ? 0 : 1) : 1;
    if (reads > 1 + reading.doubts && before) {
      this.early += 1;
      this.examples.push({ caller, set, page, tooEarlyMs: before.expiresMs - nowMs });
      if (this.examples.length > examplesKept) this.examples.shift();
    }
    reading.pages.set(page, { serial, expiresMs, readMs: nowMs, reads, isUnchanged });
    const isNew = before?.serial !== serial && others.every(([, seen]) => seen.serial !== serial);
    const isTorn = isNew && others.length > 0;
    if (isTorn || isDoubtful) reading.doubts += 1;
  }

  /** A page was not had: the others were read for nothing, which is a reason to read all of the set once more. */
  miss(caller: string, set: string): void {
    const reading = this.#bySet.get(`${caller} ${set}`);
    if (reading) reading.doubts += 1;
  }

  /** A caller died with what it had been told: whoever asks again is not held to it. */
  forget(owner: { corporationId: number } | { characterId: number }, operationIds: readonly string[]): void {
    const [field, id] =
      "corporationId" in owner ? ["corporation_id", owner.corporationId] : ["character_id", owner.characterId];
    const isTheirs = (key: string) => {
      const [, operationId = "", parameters = ""] = key.split(" ", 3);
      if (!operationIds.includes(operationId)) return false;
      // Some details, killmails for one, are not below their owner's path.
      return parameters.includes(`"${field}":${id}`) || !/"(corporation|character)_id"/.test(parameters);
    };
    for (const key of this.#bySet.keys()) if (isTheirs(key)) this.#bySet.delete(key);
  }

  reset(): void {
    this.early = 0;
    this.examples.length = 0;
  }
}
