import * as Access from "../access/index.ts";
import * as Actor from "../actor/index.ts";
import { type Affiliations, affiliationsOf } from "../affiliation/index.ts";
import * as Audit from "../audit/index.ts";
import * as Confirm from "../corporation/confirm.ts";
import { deactivate } from "../corporation/inactive.ts";
import { Directors } from "../corporation/index.ts";
import { type Word, wordOf } from "../corporation/public.ts";
import { reactivate } from "../corporation/reactivate.ts";
import { rememberLeaving } from "../corporation/registry.ts";
import { inLanes } from "../lanes/index.ts";
import * as Log from "../log/index.ts";
import * as Realtime from "../realtime/index.ts";
import * as Schedule from "../schedule/index.ts";

const left = {
  code: "director.left",
  message: "This character has left the corporation in the game, so it can no longer be its director.",
};

/** Where directors are, as far as EVE answers. */
async function whereabouts(corporationId: number, characterIds: number[]): Promise<Affiliations> {
  try {
    return await affiliationsOf(characterIds);
  } catch (error) {
    if (!Confirm.isOutage(error)) throw error;
    Log.info("directors not checked: EVE does not answer", { corporationId, error });
    return { known: new Map(), refused: new Set() };
  }
}

type Seat = Awaited<ReturnType<typeof Access.directorsOf>>[number];

async function takeOut({ corporationId, characterId, name, userId }: Seat): Promise<void> {
  await Audit.record({ action: "director.left", subject: { corporationId, characterId, name } });
  await rememberLeaving(corporationId, userId);
  await Directors.drop(corporationId, characterId);
  const director = { characterId, name, userId };
  await Realtime.directorFailed({ corporationId, director, reason: left, tokenDied: false });
}

interface Checked {
  checked: number;
  left: number;
  /** EVE answered, whatever it was. */
  isAnswered: boolean;
}

/**
 * Asks about one director. Of whom EVE does not say where they are, nobody's sight runs out meanwhile; one whom it does not
 * know is not confirmed.
 */
async function checkOne(director: Seat, { known, refused }: Affiliations): Promise<"left" | "unanswered" | "checked"> {
  const { corporationId, characterId } = director;
  const where = known.get(characterId)?.corporation_id;
  if (where === corporationId) {
    return (await Confirm.confirm(director)).kind === "unanswered" ? "unanswered" : "checked";
  }
  if (where !== undefined) {
    await takeOut(director);
    return "left";
  }
  if (refused.has(characterId)) {
    await Confirm.noteUnknown(director);
    return "checked";
  }
  await Confirm.stopClock(director);
  return "unanswered";
}

async function checkDirectors(corporationId: number, directors: readonly Seat[]): Promise<Checked> {
  const now = await whereabouts(
    corporationId,
    directors.map((director) => director.characterId),
  );
  const results: Awaited<ReturnType<typeof checkOne>>[] = [];
  for (const director of directors) results.push(await checkOne(director, now));
  const count = (...wanted: (typeof results)[number][]) => results.filter((each) => wanted.includes(each)).length;
  return { checked: results.length, left: count("left"), isAnswered: count("unanswered") === 0 };
}

interface Verdict {
  corporationId: number;
  word: Word;
}

/**
 * What the check comes to for the corporation. Nobody saw it before the check, and nobody does after: it is abandoned. So it
 * takes two checks in a row, an hour apart, in which time the refresh of public-info tells whether it was closed. Returns
 * what ESI says of one that goes on.
 */
async function judge(
  { corporationId, stoppedAt }: { corporationId: number; stoppedAt?: number | undefined },
  { wasSeen, isAnswered }: { wasSeen: boolean; isAnswered: boolean },
): Promise<Verdict | undefined> {
  const isSeen = async () => (await Access.seeing(await Access.directorsOf(corporationId))).length > 0;
  if (stoppedAt !== undefined) {
    if (wasSeen || (await isSeen())) await reactivate(corporationId, ["abandoned"]);
    return undefined;
  }
  const word = await wordOf(corporationId);
  if (wasSeen || !isAnswered || (await isSeen())) return { corporationId, word };
  await deactivate(corporationId, word.kind === "closed" ? "closed" : "abandoned");
  return undefined;
}

/**
 * Ends those of which ESI has said for hours that they are closed. That it knows no such corporation is believed only while
 * it knows another one of ours, if there is any.
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

/** Corporations that are checked at a time: ten thousand of them, an answer of ESI each, fit into a few minutes. */
const concurrency = 16;

/**
 * Reads every director's corporation and in-game roles anew: who left the corporation loses its data, a lost role stops
 * being asked for, a gained one is used. A corporation that was closed, or of which EVE confirms no director, is not
 * refreshed any more, until a director comes back. One corporation's trouble does not keep the others from being checked.
 */
export async function checkAll(): Promise<{ checked: number; left: number }> {
  Actor.assertSystem();
  const total = { checked: 0, left: 0 };
  const verdicts: Verdict[] = [];
  await inLanes(concurrency, await Schedule.corporations(), async (row) => {
    const { corporationId } = row;
    try {
      const directors = await Access.directorsOf(corporationId);
      const wasSeen = (await Access.seeing(directors)).length > 0;
      const { isAnswered, ...result } = await checkDirectors(corporationId, directors);
      total.checked += result.checked;
      total.left += result.left;
      const verdict = await judge(row, { wasSeen, isAnswered });
      if (verdict) verdicts.push(verdict);
    } catch (error) {
      Log.error("directors not checked", { corporationId, error });
    }
  });
  await closeAll(verdicts);
  return total;
}
