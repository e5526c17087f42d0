import * as z from "zod";
import * as Actor from "../actor/index.ts";
import { affiliationsOf } from "../affiliation/index.ts";
import { ignoreConditionFailed } from "../error/index.ts";
import * as Esi from "../esi/index.ts";
import * as Log from "../log/index.ts";
import * as Token from "../token/index.ts";
import { directors } from "./corporation.entity.ts";

/** ESI's word that a character holds the role Director gives sight of the corporation for this long. */
export const sightMs = 4 * 3_600_000;

interface Seat {
  corporationId: number;
  characterId: number;
}

interface Confirmable {
  roles: string[];
  rolesCheckedAt: number;
  confirmedUntil?: number | undefined;
}

/** Until when (epoch ms) a director sees the corporation; 0 without the role. */
export const sightUntil = ({ roles, rolesCheckedAt, confirmedUntil }: Confirmable): number =>
  roles.includes("Director") ? (confirmedUntil ?? rolesCheckedAt + sightMs) : 0;

/** What a director's row keeps once ESI has given the roles. */
export const asConfirmed = (roles: string[], now: number) => ({
  rolesCheckedAt: now,
  askedAt: now,
  ...(roles.includes("Director") ? { confirmedUntil: now + sightMs } : {}),
});

const Roles = z.object({ roles: z.array(z.string()).default([]), error: z.undefined().optional() });

/** Asks EVE which in-game roles a character holds now, and which scopes the token carries. */
export async function readAuthority(characterId: number): Promise<{ roles: string[]; scopes: string[] }> {
  const operation = "GetCharactersCharacterIdRoles";
  const token = await Token.access({ characterId, purpose: "director", operation });
  const { data } = await Esi.request(operation, {
    path: { character_id: characterId },
    accessToken: token.accessToken,
    characterId,
  });
  const answer = Roles.safeParse(data);
  if (!answer.success) throw new Esi.EsiError("malformed", operation, "the answer holds no roles");
  return { roles: answer.data.roles, scopes: token.scopes };
}

/** ESI answers, and does not confirm: that says something of the character. */
const refusals: ReadonlySet<Esi.EsiErrorKind> = new Set(["unauthorized", "forbidden", "not_found", "bad_request"]);

const isRefusal = (error: unknown): boolean =>
  error instanceof Token.TokenDeadError || (error instanceof Esi.EsiError && refusals.has(error.kind));

const isUnanswered = (error: unknown): boolean =>
  error instanceof Token.TokenUnavailableError || (error instanceof Esi.EsiError && !refusals.has(error.kind));

/** EVE does not answer anybody. Who has used up a budget of their own is no such case: that would keep sight for ever. */
export const isOutage = (error: unknown): boolean =>
  isUnanswered(error) && !(error instanceof Esi.EsiError && error.kind === "rate_limited");

/** A director who was taken out meanwhile stays out. */
const patch = async (update: Promise<unknown>): Promise<void> => {
  await update.catch(ignoreConditionFailed);
};

async function find({ corporationId, characterId }: Seat) {
  const { data } = await directors().get({ corporationId, characterId }).go({ consistent: true });
  return data ?? undefined;
}

/**
 * EVE did not answer when it was asked about a director: the time since it last was asked takes nobody's sight. Returns
 * until when sight lasts now; 0 of a director who was taken out meanwhile.
 */
export async function stopClock({ corporationId, characterId }: Seat): Promise<number> {
  Actor.assertSystem();
  const seat = await find({ corporationId, characterId });
  if (!seat) return 0;
  const now = Date.now();
  const askedAt = seat.askedAt ?? seat.rolesCheckedAt;
  const confirmedUntil = (seat.confirmedUntil ?? seat.rolesCheckedAt + sightMs) + Math.max(0, now - askedAt);
  await patch(
    directors()
      .patch({ corporationId, characterId })
      .set({ confirmedUntil, askedAt: now })
      // Somebody else may be adding the same time.
      .where((attribute, op) =>
        seat.askedAt === undefined ? op.notExists(attribute.askedAt) : op.eq(attribute.askedAt, seat.askedAt),
      )
      .go(),
  );
  return sightUntil({ ...seat, confirmedUntil });
}

/** `until`: to when sight lasts because nobody could be asked. */
export type Answer =
  | { kind: "confirmed" }
  | { kind: "refused" }
  | { kind: "unanswered"; error: unknown; until: number };

/** EVE knows no such character: the time until the next asking counts against the director. */
export async function noteUnknown({ corporationId, characterId }: Seat): Promise<void> {
  Actor.assertSystem();
  await patch(directors().patch({ corporationId, characterId }).set({ askedAt: Date.now() }).go());
}

/** What asking came to: the time until the next asking counts against a director whom EVE did not confirm. */
async function noteFailure(seat: Seat, error: unknown): Promise<Answer> {
  const { corporationId, characterId } = seat;
  Log.info("director not confirmed", { corporationId, director: characterId, error });
  if (!isRefusal(error) && !isUnanswered(error)) throw error;
  if (isOutage(error)) return { kind: "unanswered", error, until: await stopClock(seat) };
  await noteUnknown(seat);
  return isRefusal(error) ? { kind: "refused" } : { kind: "unanswered", error, until: 0 };
}

/** Asks EVE whether a director of the corporation still holds the role, and keeps what it says. */
export async function confirm({ corporationId, characterId }: Seat): Promise<Answer> {
  Actor.assertSystem();
  try {
    const { roles, scopes } = await readAuthority(characterId);
    const kept = { roles, scopes, ...asConfirmed(roles, Date.now()) };
    await patch(directors().patch({ corporationId, characterId }).set(kept).go());
    return { kind: roles.includes("Director") ? "confirmed" : "refused" };
  } catch (error) {
    return noteFailure({ corporationId, characterId }, error);
  }
}

/** As `confirm`, and whether the character is still in the corporation: roles are those held where it is now. */
export async function confirmThere(seat: Seat): Promise<Answer> {
  Actor.assertSystem();
  try {
    const where = await affiliationsOf([seat.characterId], { isAnew: true });
    if (where.known.get(seat.characterId)?.corporation_id !== seat.corporationId) return { kind: "refused" };
  } catch (error) {
    return noteFailure(seat, error);
  }
  return confirm(seat);
}
