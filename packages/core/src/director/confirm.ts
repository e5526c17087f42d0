import * as z from "zod";
import { affiliationsOf } from "../eve/affiliation/index.ts";
import * as Esi from "../eve/esi/index.ts";
import * as Token from "../identity/token/index.ts";
import * as Actor from "../platform/actor/index.ts";
import { ignoreConditionFailed } from "../platform/error/index.ts";
import * as Log from "../platform/log/index.ts";
import { directors } from "./director.entity.ts";

/** A director can read the corporation for this long after ESI confirmed the role Director. */
const confirmedMs = 4 * 3_600_000;

interface Place {
  corporationId: number;
  characterId: number;
}

interface Confirmable {
  roles: string[];
  rolesCheckedAt: number;
  confirmedUntil?: number | undefined;
}

/** Until when (epoch ms) a director can read the corporation; 0 without the role. */
export const activeUntil = ({ roles, rolesCheckedAt, confirmedUntil }: Confirmable): number =>
  roles.includes("Director") ? (confirmedUntil ?? rolesCheckedAt + confirmedMs) : 0;

/** Columns of a link after ESI has given the roles. */
export const asConfirmed = (roles: string[], now: number) => ({
  rolesCheckedAt: now,
  askedAt: now,
  ...(roles.includes("Director") ? { confirmedUntil: now + confirmedMs } : {}),
});

const Roles = z.object({ roles: z.array(z.string()).default([]), error: z.undefined().optional() });

/**
 * Asks ESI for a character's current in-game roles, and the vault for the scopes of the token. `by` is shown in the
 * token's audit trail. Throws `EsiError` and the vault's `TokenDeadError` and `TokenUnavailableError`.
 */
export async function readRoles(characterId: number, by?: string): Promise<{ roles: string[]; scopes: string[] }> {
  Actor.assertSystem();
  const operation = "GetCharactersCharacterIdRoles";
  const token = await Token.access({ characterId, purpose: "director", operation, by });
  const { data } = await Esi.request(operation, {
    path: { character_id: characterId },
    accessToken: token.accessToken,
    characterId,
  });
  const answer = Roles.safeParse(data);
  if (!answer.success) throw new Esi.EsiError("malformed", operation, "the answer holds no roles");
  return { roles: answer.data.roles, scopes: token.scopes };
}

/** ESI answers and does not confirm: a fact about the character. */
const refusals: ReadonlySet<Esi.EsiErrorKind> = new Set(["unauthorized", "forbidden", "not_found", "bad_request"]);

const isRefusal = (error: unknown): boolean =>
  error instanceof Token.TokenDeadError || (error instanceof Esi.EsiError && refusals.has(error.kind));

const isUnanswered = (error: unknown): boolean =>
  error instanceof Token.TokenUnavailableError || (error instanceof Esi.EsiError && !refusals.has(error.kind));

/** EVE answers nobody. A character's own exhausted budget does not count: it would extend the confirmation for ever. */
export const isOutage = (error: unknown): boolean =>
  isUnanswered(error) && !(error instanceof Esi.EsiError && error.kind === "rate_limited");

/** Writes nothing if the director has been unlinked meanwhile. */
const ifLinked = async (update: Promise<unknown>): Promise<void> => {
  await update.catch(ignoreConditionFailed);
};

/**
 * Extends a director's confirmation by the time since EVE was last asked, because EVE did not answer: an outage takes
 * nobody's access. Returns until when (epoch ms) the director is active, 0 if unlinked meanwhile.
 */
export async function extendForOutage({ corporationId, characterId }: Place): Promise<number> {
  Actor.assertSystem();
  const { data: link } = await directors().get({ corporationId, characterId }).go({ consistent: true });
  if (!link) return 0;
  const now = Date.now();
  const askedAt = link.askedAt ?? link.rolesCheckedAt;
  const confirmedUntil = (link.confirmedUntil ?? link.rolesCheckedAt + confirmedMs) + Math.max(0, now - askedAt);
  await ifLinked(
    directors()
      .patch({ corporationId, characterId })
      .set({ confirmedUntil, askedAt: now })
      // Another process may be adding the same time.
      .where((attribute, op) =>
        link.askedAt === undefined ? op.notExists(attribute.askedAt) : op.eq(attribute.askedAt, link.askedAt),
      )
      .go(),
  );
  return activeUntil({ ...link, confirmedUntil });
}

/** EVE's answer about a director. `until` (epoch ms): the director stays active because nobody could be asked. */
export type Answer =
  | { kind: "confirmed" }
  | { kind: "refused" }
  | { kind: "unanswered"; error: unknown; until: number };

/** Records that EVE was asked and did not confirm: the time until the next question counts against the director. */
export async function recordUnconfirmed({ corporationId, characterId }: Place): Promise<void> {
  Actor.assertSystem();
  await ifLinked(directors().patch({ corporationId, characterId }).set({ askedAt: Date.now() }).go());
}

async function answerOf(place: Place, error: unknown): Promise<Answer> {
  const { corporationId, characterId } = place;
  Log.info("director not confirmed", { corporationId, director: characterId, error });
  if (!isRefusal(error) && !isUnanswered(error)) throw error;
  if (isOutage(error)) return { kind: "unanswered", error, until: await extendForOutage(place) };
  await recordUnconfirmed(place);
  return isRefusal(error) ? { kind: "refused" } : { kind: "unanswered", error, until: 0 };
}

/** Asks EVE whether a director still holds the role Director, and stores the answer. */
export async function confirm({ corporationId, characterId }: Place): Promise<Answer> {
  Actor.assertSystem();
  try {
    const { roles, scopes } = await readRoles(characterId);
    const columns = { roles, scopes, ...asConfirmed(roles, Date.now()) };
    await ifLinked(directors().patch({ corporationId, characterId }).set(columns).go());
    return { kind: roles.includes("Director") ? "confirmed" : "refused" };
  } catch (error) {
    return answerOf({ corporationId, characterId }, error);
  }
}

/** Same as `confirm`, and asks whether the character is still in the corporation: roles are those of the current one. */
export async function confirmMembership(place: Place): Promise<Answer> {
  Actor.assertSystem();
  try {
    const where = await affiliationsOf([place.characterId], { isAnew: true });
    if (where.known.get(place.characterId)?.corporation_id !== place.corporationId) return { kind: "refused" };
  } catch (error) {
    return answerOf(place, error);
  }
  return confirm(place);
}
