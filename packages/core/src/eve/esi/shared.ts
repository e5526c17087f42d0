import { get } from "../../platform/config/index.ts";
import { isConditionFailed } from "../../platform/error/index.ts";
import * as Log from "../../platform/log/index.ts";
import { limits } from "./limits.entity.ts";

/*
 * What one process has learned of ESI and all must know: that it refuses everybody, and which groups of routes are broken.
 * It is written when it changes, and read now and then (docs/adr/0018). A table that does not answer stops nobody: each
 * process then knows what it has learned itself.
 */

export interface Limit {
  name: string;
  /** Epoch ms until which nothing is sent. */
  until: number;
  pauses?: number;
  probed?: string[];
  probeUntil?: number;
}

/** While something is wrong, or was lately. */
const watchEveryMs = 5_000;
const watchForMs = 300_000;
const idleEveryMs = 60_000;

let known = new Map<string, Limit>();
/** Those that the table did not take. */
const unshared = new Set<string>();
let readAt: number | undefined;
let watchUntil = 0;
let reading: Promise<void> | undefined;
/** Counts our own writes: what was read while one was under way may be older than it. */
let writes = 0;
let isForgetting = false;

const server = (): string => get().ESI_BASE_URL;

const notShared = (error: unknown): void => Log.warn("limits of ESI are not shared", { error });

/** Something has failed: what others learn of it is looked at more often. */
export function watch(): void {
  watchUntil = Date.now() + watchForMs;
}

async function forgetAll(): Promise<void> {
  const { data } = await limits().query.byServer({ server: server() }).go({ pages: "all", consistent: true });
  await Promise.all(data.map(({ name }) => limits().delete({ server: server(), name }).go()));
  isForgetting = false;
}

async function read(): Promise<void> {
  if (isForgetting) return forgetAll();
  const before = writes;
  const { data } = await limits().query.byServer({ server: server() }).go({ pages: "all", consistent: true });
  if (writes !== before) return;
  const own = [...known].filter(([name]) => unshared.has(name));
  known = new Map([...data.map((limit) => [limit.name, limit] as const), ...own]);
  const now = Date.now();
  if (data.some(({ until, name }) => until > now || name.startsWith("circuit#"))) watch();
}

/** Looks at what other processes have learned, if that was not done just now. */
export async function sync(): Promise<void> {
  const now = Date.now();
  const every = now < watchUntil ? watchEveryMs : idleEveryMs;
  if (!reading && readAt !== undefined && now >= readAt && now - readAt < every) return;
  readAt = reading ? readAt : now;
  reading ??= read()
    .catch(notShared)
    .finally(() => {
      reading = undefined;
    });
  await reading;
}

export const find = (name: string): Limit | undefined => known.get(name);

/** Epoch ms until which a limit holds; 0: there is none. */
export const untilOf = (name: string): number => known.get(name)?.until ?? 0;

async function write(name: string, body: () => Promise<unknown>): Promise<void> {
  writes += 1;
  watch();
  unshared.add(name);
  try {
    await body();
    unshared.delete(name);
  } catch (error) {
    notShared(error);
  } finally {
    writes += 1;
  }
}

export async function put(limit: Limit): Promise<void> {
  known.set(limit.name, limit);
  await write(limit.name, () =>
    limits()
      .put({ server: server(), ...limit })
      .go(),
  );
}

/** A limit that is over. Who has not known of it writes nothing. */
export async function remove(name: string): Promise<void> {
  if (!known.delete(name)) return;
  await write(name, () => limits().delete({ server: server(), name }).go());
}

/** Takes the one call that finds out whether a circuit may be closed; false: another process has it, or has closed it. */
export async function claim(limit: Limit & { probeUntil: number; probed: string[] }): Promise<boolean> {
  const { name, probeUntil, probed } = limit;
  const now = Date.now();
  let isOurs = true;
  // Of one that the table did not take nobody else knows.
  const isOnlyOurs = unshared.has(name);
  known.set(name, limit);
  await write(name, () =>
    limits()
      .patch({ server: server(), name })
      .set({ probeUntil, probed })
      .where(
        (field, op) =>
          `${op.lte(field.until, now)} AND (${op.notExists(field.probeUntil)} OR ${op.lte(field.probeUntil, now)})`,
      )
      .go()
      .catch((error: unknown) => {
        if (!isConditionFailed(error)) throw error;
        isOurs = isOnlyOurs;
      }),
  );
  if (isOurs) return true;
  readAt = undefined;
  await sync();
  return false;
}

/** For tests: what is stored is forgotten too, before anything is asked. */
export function reset(): void {
  known = new Map();
  unshared.clear();
  readAt = undefined;
  watchUntil = 0;
  isForgetting = true;
}
