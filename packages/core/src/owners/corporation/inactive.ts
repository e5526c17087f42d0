import * as z from "zod";
import { requireAdmin } from "../../access/index.ts";
import * as Audit from "../../audit/index.ts";
import * as Director from "../../director/index.ts";
import * as Agenda from "../../engine/agenda/index.ts";
import { fetchFirst, keepFirst } from "../../engine/refresh/index.ts";
import * as Esi from "../../eve/esi/index.ts";
import * as Owner from "../../owner/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import { ignoreConditionFailed } from "../../platform/error/index.ts";
import * as Log from "../../platform/log/index.ts";
import { mapConcurrent } from "../../platform/parallel/index.ts";
import { notify } from "../../push/index.ts";
import { corporations, inactivities } from "./corporation.entity.ts";
import { get as getDataset } from "./datasets/index.ts";
import { erase } from "./erase.ts";
import { isClosed } from "./public.ts";
import { reactivate } from "./reactivate.ts";
import { find, lately, type Registered, scheduled } from "./registry.ts";

/** So long what is stored of a corporation that is not active any more can be exported. */
const keptMs = 30 * 86_400_000;

type Inactivity = (typeof inactivities)[number];

const dayOf = (at: number): string =>
  new Date(at).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

const reasons: Readonly<Record<Inactivity, (name: string) => string>> = {
  abandoned: (name) => `EVE confirms no director of ${name} any more, so nothing of it is fetched.`,
  closed: (name) => `${name} was closed in the game, so nothing of it is fetched any more.`,
};

const sentenceOf = (status: Inactivity, name: string, deleteAt: number): string =>
  `${reasons[status](name)} What is stored of it is deleted on ${dayOf(deleteAt)}; until then it can be exported, by administrators once no director sees it. It goes on if one of its directors adds it again before.`;

/**
 * Ends the fetching of a corporation, and says to those who direct it or did lately when its data goes. Who is told first
 * and stopped afterwards is told twice at worst.
 */
export async function deactivate(corporationId: number, status: Inactivity): Promise<void> {
  Actor.assertSystem();
  const [corporation, directors] = await Promise.all([
    find(corporationId, { consistent: true }),
    Director.loadUnchecked(corporationId, { consistent: true }),
  ]);
  if (!corporation) return;
  if (!corporation.status) {
    const now = Date.now();
    const deleteAt = now + keptMs;
    const { name, addedAt } = corporation;
    const userIds = [...new Set([...directors, ...lately(corporation, now)].map(({ userId }) => userId))];
    const action = `corporation.${status}`;
    const subject = { corporationId, name, deleteAt: new Date(deleteAt).toISOString(), userIds };
    await Audit.record({ action, subject });
    const message = sentenceOf(status, name, deleteAt);
    await notify(userIds, { action, corporationId, message, until: new Date(deleteAt).toISOString() });
    await corporations()
      .patch({ corporationId })
      .set({ status, statusSince: now, deleteAt, formerly: userIds.map((userId) => ({ userId, at: now })) })
      .where((attribute, op) => `${op.notExists(attribute.status)} AND ${op.eq(attribute.addedAt, addedAt)}`)
      .go()
      // Removed or added anew just then.
      .catch(ignoreConditionFailed);
  }
  if ((await find(corporationId, { consistent: true }))?.status)
    await Agenda.stop(Owner.corporation(corporationId), Date.now());
}

export const Inactive = z.object({
  corporationId: z.int(),
  name: z.string(),
  ticker: z.string(),
  status: z.enum(inactivities),
  statusSince: z.iso.datetime(),
  deleteAt: z.iso.datetime(),
});
export type Inactive = z.infer<typeof Inactive>;

const iso = (at = 0): string => new Date(at).toISOString();

async function stopped(): Promise<number[]> {
  const all = await scheduled();
  return all.filter(({ stoppedAt }) => stoppedAt !== undefined).map(({ corporationId }) => corporationId);
}

/** The corporations of which nothing is fetched any more, those first whose data goes first. */
export async function listInactive(): Promise<Inactive[]> {
  await requireAdmin();
  const ids = await Actor.provide({ type: "system", name: "corporation-list" }, stopped);
  const found = await Promise.all(ids.map((corporationId) => find(corporationId)));
  return found
    .flatMap((each) => (each?.status ? [each] : []))
    .sort((one, other) => (one.deleteAt ?? 0) - (other.deleteAt ?? 0))
    .map((each) => Inactive.parse({ ...each, statusSince: iso(each.statusSince), deleteAt: iso(each.deleteAt) }));
}

/**
 * Whether a corporation that was closed is so still, which ESI is asked before its data goes. One that is not after all
 * goes on; without an answer it stays for another day.
 */
async function isClosedStill(corporation: Registered): Promise<boolean> {
  const { corporationId, tier } = corporation;
  const dataset = getDataset("public-info");
  try {
    const fetched = await fetchFirst(corporation.owner, dataset);
    const row = fetched.parts[0]?.rows?.[0];
    if (row && isClosed((column) => row[column])) return true;
    if (row && (await reactivate(corporationId, inactivities))) {
      await keepFirst(corporation, dataset, fetched, Owner.retentionDaysOf(tier));
    }
    return false;
  } catch (error) {
    if (!(error instanceof Esi.EsiError)) throw error;
    return error.kind === "not_found";
  }
}

async function removeExpired(corporationId: number, now: number): Promise<boolean> {
  const corporation = await find(corporationId, { consistent: true });
  // A removal that was interrupted has taken the registration away, and nothing else finishes it.
  if (corporation && (!corporation.status || (corporation.deleteAt ?? 0) > now)) return false;
  if (corporation?.status === "closed" && !(await isClosedStill(corporation))) return false;
  const directors = await Director.loadUnchecked(corporationId, { consistent: true });
  if (corporation) {
    const { name, formerly = [] } = corporation;
    const action = "corporation.expired";
    const whom = directors.map(({ characterId, userId, name }) => ({ characterId, userId, name }));
    await Audit.record({ action, subject: { corporationId, name, directors: whom } });
    const message = `What was stored of ${name} has been deleted, as was announced on ${dayOf(corporation.statusSince ?? now)}.`;
    await notify(
      [...directors, ...formerly].map(({ userId }) => userId),
      { action, corporationId, message },
    );
  }
  if (!(await erase(corporationId, { expiredAt: now }))) return false;
  // Registered anew by a director who came back just then: who is one is for the next check to say.
  if (await find(corporationId, { consistent: true })) return true;
  for (const { characterId } of directors) await Director.unlink(corporationId, characterId);
  return true;
}

/** Deletes what is stored of corporations whose time is over, and finishes removals that were interrupted. */
export async function removeAllExpired(): Promise<{ removed: number }> {
  Actor.assertSystem();
  const now = Date.now();
  let removed = 0;
  await mapConcurrent(1, await stopped(), async (corporationId) => {
    try {
      if (await removeExpired(corporationId, now)) removed += 1;
    } catch (error) {
      Log.error("corporation not deleted", { corporationId, error });
    }
  });
  return { removed };
}
