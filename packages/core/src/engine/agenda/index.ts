import { keyOf, type Owner, ownerOf, type Tier } from "../../owner/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import { readStored } from "../../platform/db/index.ts";
import { ignoreConditionFailed, isConditionFailed } from "../../platform/error/index.ts";
import * as Log from "../../platform/log/index.ts";
import { Bounded } from "../../platform/lru/index.ts";
import { schedules } from "./agenda.entity.ts";
import { slowedBy } from "./cadence.ts";

/** Partitions that the agenda is spread over, so that no one of them is read or written too hard. */
const shards = 16;

const placeOf = (owner: Owner) => ({ shard: owner.id % shards, owner: keyOf(owner) });

export interface AgendaRow {
  owner: Owner;
  tier: Tier;
  wakeAt: number;
  sent: Record<string, number>;
  viewedAt?: number | undefined;
  stoppedAt?: number | undefined;
  /** When it was enrolled, as far as that is known. */
  since?: number | undefined;
}

/**
 * Starts scheduling an owner that was enrolled at `addedAt`, or has it looked at anew. What was out is forgotten: a duplicate
 * does nothing.
 */
export async function wake(owner: Owner, tier: Tier, addedAt?: number): Promise<void> {
  Actor.assertSystem();
  const now = Date.now();
  const since = addedAt === undefined ? {} : { since: addedAt };
  await schedules()
    .put({ ...placeOf(owner), tier, wakeAt: now, sent: {}, viewedAt: now, ...since })
    .go();
}

/** Stops scheduling an owner, unless it has been enrolled anew after `removedAt`. */
export async function remove(owner: Owner, removedAt: number): Promise<void> {
  Actor.assertSystem();
  await schedules()
    .delete(placeOf(owner))
    .where(({ since }, op) => `${op.notExists(since)} OR ${op.lte(since, removedAt)}`)
    .go()
    .catch(ignoreConditionFailed);
}

export async function find(owner: Owner): Promise<AgendaRow | undefined> {
  const { data } = await schedules().get(placeOf(owner)).go({ consistent: true });
  return data ? { ...data, owner, sent: data.sent as AgendaRow["sent"] } : undefined;
}

const attributes = ["tier", "wakeAt", "sent", "viewedAt", "stoppedAt"] as const satisfies (keyof AgendaRow)[];

/** A row as it is stored: every release has the owner in the sort key. */
type Stored = Omit<AgendaRow, "owner"> & { sk: string };

const rowOf = ({ sk, tier, wakeAt, sent, viewedAt, stoppedAt }: Stored): AgendaRow => ({
  owner: ownerOf(sk),
  tier,
  wakeAt,
  sent,
  viewedAt,
  stoppedAt,
});

const readShard = async (shard: number): Promise<AgendaRow[]> => {
  // ElectroDB asks for the keys beside the attributes.
  const query = schedules()
    .query.byShard({ shard })
    .params({ attributes: [...attributes] });
  return ((await readStored(query)) as unknown as Stored[]).map(rowOf);
};

/** Every enrolled owner, with when to look at it. */
export async function readAll(): Promise<AgendaRow[]> {
  Actor.assertSystem();
  return (await Promise.all(Array.from({ length: shards }, (_, shard) => readShard(shard)))).flat();
}

/** Remembers what was decided. An owner that was removed meanwhile must not come back: patch refuses it. */
export async function save(owner: Owner, decided: Pick<AgendaRow, "wakeAt" | "sent">): Promise<void> {
  await schedules()
    .patch(placeOf(owner))
    .set(decided)
    .go()
    .catch((error: unknown) => Log.warn("agenda row not written", { error, owner: keyOf(owner) }));
}

export interface Standing {
  tier: Tier;
  /** What is out: dataset -> when it was to arrive in its queue (epoch ms). */
  sent: Record<string, number>;
  /** Nobody has looked for days: it is refreshed more slowly, on purpose. */
  slowed: boolean;
}

/** How an owner stands in the agenda; undefined: it is not enrolled. */
export async function standingOf(owner: Owner): Promise<Standing | undefined> {
  // For callers that have checked that the asking user can read the owner.
  const row = await find(owner);
  return row && { tier: row.tier, sent: row.sent, slowed: slowedBy(row.viewedAt, Date.now()) > 1 };
}

/** Remembers a look, unless one has been remembered since `since`. Returns when the one before was; undefined: not saved. */
async function saveView(owner: Owner, now: number, since: number): Promise<number | undefined> {
  try {
    const { data } = await schedules()
      .patch(placeOf(owner))
      .set({ viewedAt: now })
      .where((field, op) => {
        const isLongAgo = `${op.notExists(field.viewedAt)} OR ${op.lte(field.viewedAt, since)}`;
        return `${op.notExists(field.stoppedAt)} AND (${isLongAgo})`;
      })
      .go({ response: "all_old" });
    return data.viewedAt ?? now;
  } catch (error) {
    // Saved already, or nothing is fetched of the owner any more.
    if (isConditionFailed(error)) return undefined;
    throw error;
  }
}

/** Looks are written down this often; nothing depends on the minute. */
const lookEveryMs = 10 * 60_000;
const looks = new Bounded<string, number>(10_000);

/**
 * Somebody has the owner before them. One that was refreshed more slowly because nobody had looked for days is at once
 * scheduled as its tier says.
 */
export async function viewed(owner: Owner): Promise<void> {
  // For callers that have checked that the asking user can read the owner.
  const now = Date.now();
  const key = keyOf(owner);
  if (now - (looks.get(key) ?? 0) < lookEveryMs) return;
  looks.set(key, now);
  const before = await saveView(owner, now, now - lookEveryMs);
  if (slowedBy(before, now) > 1) await hasten(owner, now);
}

/** Whoever is gone meanwhile stays gone. */
const patched = async (update: Promise<unknown>): Promise<void> => {
  await update.catch(ignoreConditionFailed);
};

/** Has the owner looked at by then, if that is sooner than it was to be. */
const hasten = (owner: Owner, at: number): Promise<void> =>
  // Refused: it is looked at sooner anyway, or is not scheduled any more.
  patched(
    schedules()
      .patch(placeOf(owner))
      .set({ wakeAt: at })
      .where(({ wakeAt }, op) => op.gt(wakeAt, at))
      .go(),
  );

/** A worker was left with something that cannot wait: the next round after `at` looks at it. */
export async function lookBy(owner: Owner, at: number): Promise<void> {
  Actor.assertSystem();
  await hasten(owner, at);
}

/** Has the owner scheduled by another tier, from the next round on. */
export async function setTier(owner: Owner, tier: Tier): Promise<void> {
  Actor.assertSystem();
  await patched(schedules().patch(placeOf(owner)).set({ tier, wakeAt: Date.now() }).go());
}

/** Has nothing fetched of an owner any more that was enrolled by then, until it is woken; its row stays. */
export async function stop(owner: Owner, at: number): Promise<void> {
  Actor.assertSystem();
  await patched(
    schedules()
      .patch(placeOf(owner))
      .set({ stoppedAt: at, sent: {} })
      .where(({ since, stoppedAt }, op) => {
        const isMeant = `${op.notExists(since)} OR ${op.lte(since, at)}`;
        return `${op.notExists(stoppedAt)} AND (${isMeant})`;
      })
      .go(),
  );
}

/** Has everything that is due sent in the next round, as for an owner that somebody has just looked at. */
export const restart = (owner: Owner): Promise<void> => {
  const now = Date.now();
  return patched(
    schedules().patch(placeOf(owner)).set({ wakeAt: now, sent: {}, viewedAt: now }).remove(["stoppedAt"]).go(),
  );
};
