import * as z from "zod";
import * as Actor from "../../platform/actor/index.ts";
import * as Cursor from "../../platform/cursor/index.ts";
import * as Db from "../../platform/db/index.ts";
import * as Log from "../../platform/log/index.ts";
import { TokenUseEntity } from "./token.entity.ts";

/** One line of the audit trail: the uses of a character's token for one purpose in a quarter of an hour. */
export const Use = z.object({
  at: z.iso.datetime(),
  lastAt: z.iso.datetime(),
  purpose: z.string(),
  operation: z.string().optional(),
  by: z.string(),
  outcome: z.enum(["used", "refreshed", "refused", "unavailable"]),
  count: z.number(),
});
export type Use = z.infer<typeof Use>;

interface Pending {
  characterId: number;
  windowAt: number;
  purpose: string;
  by: string;
  outcome: Use["outcome"];
  count: number;
  operations: Set<string>;
  lastAt: number;
}

const windowMs = 15 * 60_000;
const keptMs = 30 * 24 * 3600_000;
const pageSize = 50;

/** More than a worker adds between two flushes. Above it, the next use flushes. */
const maxPending = 500;

/**
 * Uses since the last flush. Added up here because a write for each use would cost as much as a refresh. A flush at the
 * end of each invocation loses nothing, since a Lambda is frozen only between invocations.
 */
let pending = new Map<string, Pending>();

const asker = (): string => {
  const actor = Actor.use();
  return actor.type === "system" ? actor.name : actor.type;
};

/** Adds a use to the audit trail; it is written at the next flush. */
export async function note(
  use: { characterId: number; purpose: string; operation?: string | undefined; by?: string | undefined },
  outcome: Use["outcome"],
): Promise<void> {
  const now = Date.now();
  const { characterId, purpose, operation, by = asker() } = use;
  const key = { characterId, windowAt: now - (now % windowMs), purpose, by, outcome };
  const id = JSON.stringify(key);
  const entry = pending.get(id) ?? { ...key, count: 0, operations: new Set<string>(), lastAt: now };
  entry.count += 1;
  entry.lastAt = now;
  if (operation) entry.operations.add(operation);
  pending.set(id, entry);
  if (pending.size > maxPending) await flush();
}

/** Most operations begin with this. It is not stored, so that a row of all operations stays within one write unit. */
const commonPrefix = "GetCorporationsCorporationId";
const mark = "~";

const shorten = (operation: string): string =>
  operation.startsWith(commonPrefix) ? mark + operation.slice(commonPrefix.length) : operation;

const expand = (stored: string): string =>
  stored.startsWith(mark) ? commonPrefix + stored.slice(mark.length) : stored;

async function write({ characterId, windowAt, purpose, by, outcome, ...sum }: Pending): Promise<void> {
  await TokenUseEntity()
    .upsert({ characterId, windowAt, purpose, by, outcome })
    .set({ lastAt: sum.lastAt, expiresAt: Db.ttlAt(windowAt + keptMs) })
    .add({ count: sum.count, ...(sum.operations.size > 0 ? { operations: [...sum.operations].map(shorten) } : {}) })
    .go();
}

/** Writes the uses, one write for each character and purpose. A failure is logged and its uses are kept. */
export async function flush(): Promise<void> {
  const batch = pending;
  pending = new Map();
  const results = await Promise.allSettled([...batch.values()].map(write));
  const entries = [...batch];
  for (const [index, result] of results.entries()) {
    const entry = entries[index];
    if (result.status === "fulfilled" || !entry) continue;
    Log.warn("the audit trail could not be written", { error: result.reason });
    const [id, lost] = entry;
    const since = pending.get(id);
    if (since) since.count += lost.count;
    else pending.set(id, lost);
  }
}

const cursors = { code: "token.bad_cursor", place: z.string() };

/** The uses from `since` (epoch ms) on, newest first: after a transfer the former pilot's uses are not shown. */
export async function list(input: { characterId: number; since: number; cursor?: string | undefined }) {
  const uses = ["token-uses", input.characterId];
  const place = input.cursor === undefined ? null : Cursor.read(uses, input.cursor, cursors);
  const { data, cursor } = await TokenUseEntity()
    .query.byCharacter({ characterId: input.characterId })
    .gte({ windowAt: input.since - (input.since % windowMs) })
    .go({ order: "desc", limit: pageSize, cursor: place });
  const alive = data.filter((row) => row.expiresAt * 1000 > Date.now() && row.lastAt >= input.since);
  const shown = alive.map((row) =>
    Use.parse({
      ...row,
      at: new Date(row.windowAt).toISOString(),
      lastAt: new Date(row.lastAt).toISOString(),
      operation: row.operations ? [...row.operations].map(expand).sort().join(", ") : undefined,
    }),
  );
  return { uses: shown, nextCursor: cursor === null ? undefined : Cursor.write(uses, cursor) };
}
