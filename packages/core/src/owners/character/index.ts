import * as z from "zod";
import * as Agenda from "../../engine/agenda/index.ts";
import { isPublic, scopesOf } from "../../engine/dataset/index.ts";
import { findEnrolled } from "../../engine/kind/index.ts";
import * as Schedule from "../../engine/schedule/index.ts";
import * as Upkeep from "../../engine/upkeep/index.ts";
import * as Character from "../../identity/character/index.ts";
import * as Token from "../../identity/token/index.ts";
import * as Owner from "../../owner/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import { fn } from "../../platform/fn/index.ts";
import * as Log from "../../platform/log/index.ts";
import { mapConcurrent } from "../../platform/parallel/index.ts";
import { datasets } from "./datasets/index.ts";

export * as Datasets from "./datasets/index.ts";

const Id = z.object({ characterId: z.int().positive() });

/** Owners looked at, or erased, at a time. */
const concurrency = 4;

/** Whether the pilot has granted any of the character's own datasets; those made from others share scopes with directors. */
async function isShared(characterId: number): Promise<boolean> {
  const [token] = await Token.statuses({ characterIds: [characterId], consistent: true });
  const granted = new Set(token?.status === "valid" ? token.scopes : []);
  const own = datasets.filter((dataset) => !isPublic(dataset) && !dataset.after?.length);
  return own.some((dataset) => scopesOf(dataset).every((scope) => granted.has(scope)));
}

/**
 * After a login with a character: from the first one on with which the pilot grants a scope, its datasets are refreshed;
 * what waited for a new token is fetched at once.
 */
export const enrol = fn(Id, async ({ characterId }): Promise<void> => {
  Actor.assertSystem();
  const owner = Owner.character(characterId);
  const enrolled = await findEnrolled(owner, { consistent: true });
  if (!enrolled || !(await isShared(characterId))) return;
  const { tier, addedAt } = enrolled;
  const row = await Agenda.find(owner);
  if (row?.since === addedAt && row.stoppedAt === undefined) return Schedule.resume(owner);
  await Agenda.wake(owner, tier, addedAt);
  await Schedule.dispatchNow(owner);
});

/**
 * Unlinks a character from its user, and deletes everything that is stored of it. Errors: those of `Character.unlink`.
 */
export async function unlink(row: Character.CharacterRow): Promise<{ userRemoved: boolean }> {
  Actor.assertSystem();
  // Before the link ends: who links the character just after it does so later than this.
  const removedAt = Date.now();
  const unlinked = await Character.unlink(row);
  await Upkeep.erase(Owner.character(row.characterId), removedAt);
  return unlinked;
}

/** Completes erasures that were interrupted: those of characters that are linked no more and still have a place in the agenda. */
export async function eraseUnlinked(): Promise<{ erased: number }> {
  Actor.assertSystem();
  const all = await Agenda.readAll();
  const stopped = all.filter(({ owner, stoppedAt }) => owner.kind === "character" && stoppedAt !== undefined);
  let erased = 0;
  await mapConcurrent(concurrency, stopped, async ({ owner }) => {
    try {
      const removedAt = Date.now();
      if (await findEnrolled(owner, { consistent: true })) return;
      await Upkeep.erase(owner, removedAt);
      erased += 1;
    } catch (error) {
      Log.error("character not erased", { characterId: owner.id, error });
    }
  });
  return { erased };
}
