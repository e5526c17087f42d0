import * as Actor from "../actor/index.ts";
import * as Owner from "../character/owner.ts";
import * as Confirm from "../corporation/confirm.ts";
import { reactivate } from "../corporation/reactivate.ts";
import { VisibleError } from "../error/index.ts";

export interface Seat {
  characterId: number;
  corporationId: number;
  userId: string;
  name: string;
  roles: string[];
  rolesCheckedAt: number;
  askedAt?: number | undefined;
  confirmedUntil?: number | undefined;
}

/** The seats whose character is still their user's. */
export async function withOwner<S extends Seat>(seats: readonly S[]): Promise<S[]> {
  const owners = await Promise.all(seats.map(({ characterId }) => Owner.find(characterId)));
  return seats.filter(({ userId }, index) => owners[index]?.userId === userId);
}

/** The seats that give sight of their corporation: ESI confirmed the role lately, and the character is still its user's. */
export async function withSight<S extends Seat>(seats: readonly S[]): Promise<S[]> {
  const now = Date.now();
  return withOwner(seats.filter((seat) => Confirm.sightUntil(seat) > now));
}

/** A director whose sight has run out is asked about no more often. */
const askAgainMs = 60_000;

const asking = new Map<string, Promise<Confirm.Answer>>();

/** A director whom EVE confirms has come back to a corporation that had none. */
async function confirmAnew(seat: Seat): Promise<Confirm.Answer> {
  const answer = await Confirm.confirmThere(seat);
  if (answer.kind === "confirmed") await reactivate(seat.corporationId, ["abandoned"]);
  return answer;
}

/** One question at a time about a director: a page asks for a dozen things at once. */
function ask(seat: Seat): Promise<Confirm.Answer> {
  const { corporationId, characterId } = seat;
  const key = `${corporationId}#${characterId}`;
  const known = asking.get(key);
  if (known) return known;
  const started = Actor.provide({ type: "system", name: "director-confirm" }, () => confirmAnew(seat));
  asking.set(key, started);
  return started.finally(() => asking.delete(key));
}

/**
 * Of the seats whose sight has run out since nobody asked EVE (the host was off, or the hourly check was held up), those
 * that have it again after asking now.
 */
export async function regainSight<S extends Seat>(seats: readonly S[]): Promise<S[]> {
  const now = Date.now();
  const lapsed = seats.filter(
    (seat) =>
      seat.roles.includes("Director") &&
      Confirm.sightUntil(seat) <= now &&
      now - (seat.askedAt ?? seat.rolesCheckedAt) >= askAgainMs,
  );
  const owned = await withOwner(lapsed);
  const answers = await Promise.all(owned.map(ask));
  // Asking takes a while, and that is in `until` as well.
  const answeredAt = Date.now();
  return owned.filter((_, index) => {
    const answer = answers[index];
    return answer?.kind === "confirmed" || (answer?.kind === "unanswered" && answer.until > answeredAt);
  });
}

/** Passes if EVE confirms one of these directors at this moment. */
export async function requireConfirmed(seats: readonly Seat[]): Promise<void> {
  const answers: Confirm.Answer[] = [];
  for (const seat of seats) {
    const answer = await ask(seat);
    if (answer.kind === "confirmed") return;
    answers.push(answer);
  }
  const unanswered = answers.find((answer) => answer.kind === "unanswered");
  if (unanswered) throw unanswered.error;
  const names = seats.map(({ name }) => name).join(", ");
  throw new VisibleError(
    "forbidden",
    "director.not_confirmed",
    `EVE does not confirm at this moment that ${names} directs the corporation, so nothing was changed. Log in with a director again.`,
  );
}
