import * as Access from "../../access/index.ts";
import * as Audit from "../../audit/index.ts";
import * as Director from "../../director/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import * as Log from "../../platform/log/index.ts";
import { mapConcurrent } from "../../platform/parallel/index.ts";
import { deactivate } from "./inactive.ts";
import { type Word, wordOf } from "./public.ts";
import { reactivate } from "./reactivate.ts";
import { rememberLeaving, scheduled } from "./registry.ts";

const left = {
  code: "director.left",
  message: "This character has left the corporation in the game, so it can no longer be its director.",
};

/** Unlinks a director who has left the corporation in the game. */
async function unlink({ corporationId, characterId, name, userId }: Director.DirectorLink): Promise<void> {
  await Audit.record({ action: "director.left", subject: { corporationId, characterId, name } });
  await rememberLeaving(corporationId, userId);
  await Director.unlink(corporationId, characterId);
  const director = { characterId, name, userId };
  await Director.announceFailure({ corporationId, director, reason: left, tokenDied: false });
}

const hasActive = async (links: readonly Director.DirectorLink[]): Promise<boolean> =>
  (await Access.activeDirectors(links)).length > 0;

interface Verdict {
  corporationId: number;
  word: Word;
}

/**
 * Applies the check's result to the corporation. It is abandoned if it had no active director before the check and has none
 * after. That takes two checks, an hour apart, and by then the refresh of public-info shows whether it was closed. Returns
 * ESI's answer about a corporation that stays active.
 */
async function apply(
  { corporationId, stoppedAt }: { corporationId: number; stoppedAt?: number | undefined },
  { wasRead, isAnswered }: { wasRead: boolean; isAnswered: boolean },
): Promise<Verdict | undefined> {
  const isRead = async () => hasActive(await Director.linksOf(corporationId));
  if (stoppedAt !== undefined) {
    if (wasRead || (await isRead())) await reactivate(corporationId, ["abandoned"]);
    return undefined;
  }
  const word = await wordOf(corporationId);
  if (wasRead || !isAnswered || (await isRead())) return { corporationId, word };
  await deactivate(corporationId, word.kind === "closed" ? "closed" : "abandoned");
  return undefined;
}

/**
 * Deactivates the corporations that ESI has reported closed for hours. "No such corporation" is believed only while ESI
 * knows another corporation of ours, if there is one.
 */
async function closeAll(verdicts: readonly Verdict[]): Promise<void> {
  const isBelieved = (word: Word & { kind: "closed" }) =>
    word.isExplicit ||
    verdicts.length === 1 ||
    verdicts.some((other) => other.word.kind === "open" && other.word.at > word.since);
  for (const { corporationId, word } of verdicts) {
    if (word.kind === "closed" && word.isConfirmed && isBelieved(word)) await deactivate(corporationId, "closed");
  }
}

/** Corporations checked at a time: ten thousand, with one answer of ESI each, take a few minutes. */
const concurrency = 16;

/**
 * The hourly check of all directors: unlinks those who left the corporation, stores current roles, deactivates a
 * corporation that was closed or has no active director, and reactivates it when one comes back. An error in one
 * corporation is logged and does not stop the others.
 */
export async function checkDirectors(): Promise<{ checked: number; left: number }> {
  Actor.assertSystem();
  const total = { checked: 0, left: 0 };
  const verdicts: Verdict[] = [];
  await mapConcurrent(concurrency, await scheduled(), async (row) => {
    const { corporationId } = row;
    try {
      const links = await Director.linksOf(corporationId);
      const wasRead = await hasActive(links);
      const { checked, left, isAnswered } = await Director.checkAll(links, unlink);
      total.checked += checked;
      total.left += left;
      const verdict = await apply(row, { wasRead, isAnswered });
      if (verdict) verdicts.push(verdict);
    } catch (error) {
      Log.error("directors not checked", { corporationId, error });
    }
  });
  await closeAll(verdicts);
  return total;
}
