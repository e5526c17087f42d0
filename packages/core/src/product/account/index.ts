import "../../owners/index.ts";
import * as z from "zod";
import * as Audit from "../../audit/index.ts";
import * as Director from "../../director/index.ts";
import * as Character from "../../identity/character/index.ts";
import * as Session from "../../identity/session/index.ts";
import * as Token from "../../identity/token/index.ts";
import * as CharacterData from "../../owners/character/index.ts";
import * as Corporation from "../../owners/corporation/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import { VisibleError } from "../../platform/error/index.ts";
import { fn } from "../../platform/fn/index.ts";
import * as Log from "../../platform/log/index.ts";
import * as Push from "../../push/index.ts";

// Which user a character belongs to, with all that depends on it: its token, its director links, and the user's sessions.

const Id = z.object({ characterId: z.int().positive() });
const VerifiedPilot = Id.extend({ name: z.string().min(1), ownerHash: z.string().min(1) });

/** Unlinking a character is the system's: its token and its director links have no other owner. */
const asSystem = <T>(body: () => Promise<T>): Promise<T> =>
  Actor.provide({ type: "system", name: "character-unlink" }, body);

/** Writes an unlinking into the audit trail, and notifies the other directors of the corporations. */
async function announce(
  { characterId, name, userId }: Character.CharacterRow,
  action: string,
  corporationIds: readonly number[],
): Promise<void> {
  await Audit.record({ action, subject: { characterId, name, userId, corporationIds } });
  for (const corporationId of corporationIds) {
    const links = await Director.linksOf(corporationId);
    const others = links.map((link) => link.userId).filter((other) => other !== userId);
    const corporation = await asSystem(() => Corporation.registered(corporationId));
    const where = corporation?.name ?? `corporation ${corporationId}`;
    const message = `${name} has left its user here, and is no longer among the directors of ${where}.`;
    await Push.notify(others, { action, corporationId, message });
  }
}

async function unlink(row: Character.CharacterRow, action: string): Promise<{ userRemoved: boolean }> {
  const { userId, characterId } = row;
  const corporationIds = await Director.directedBy(userId, characterId);
  await announce(row, action, corporationIds);
  return asSystem(async () => {
    for (const corporationId of corporationIds) {
      await Corporation.rememberLeaving(corporationId, userId);
      await Director.unlink(corporationId, characterId);
    }
    const unlinked = await CharacterData.unlink(row);
    if (unlinked.userRemoved) await Session.endAllSessions(userId);
    return unlinked;
  });
}

/**
 * Removes one of the asking user's characters, with its token, its director links, and what is stored of it. If it was the main, the next oldest
 * becomes the main; if it was the last, the user and all sessions end. Errors: `character.not_found` (404).
 */
export const remove = fn(Id, async ({ characterId }) => {
  const row = await Character.own(characterId);
  await Audit.record({ action: "token.revoked", subject: { characterId, name: row.name } });
  await asSystem(() => Token.revoke({ characterId }));
  return unlink(row, "character.unlinked");
});

/** Unlinks a character that was transferred to another EVE account from its former user. Its token is dead. */
async function unlinkTransferred(row: Character.CharacterRow): Promise<void> {
  await Token.markDead({ characterId: row.characterId, reason: "owner_changed" });
  await unlink(row, "character.owner_changed");
}

/** A character's row. If the SSO now names another EVE account, the former user loses the character first. */
async function findCurrent(pilot: Character.VerifiedPilot): Promise<Character.CharacterRow | undefined> {
  const row = await Character.find(pilot.characterId);
  if (!row || row.ownerHash === pilot.ownerHash) return row;
  await unlinkTransferred(row);
  return undefined;
}

/** The id of the user whom a login with this character belongs to. A character without a user gets a new one. */
export const findOrCreateUser = fn(VerifiedPilot, async (pilot): Promise<string> => {
  Actor.assertSystem();
  const row = await findCurrent(pilot);
  if (!row) return Character.createUser(pilot);
  await Character.update(pilot, row.userId);
  return row.userId;
});

/** Links a character to a user. One of another user stays there. Errors: `character.linked_elsewhere` (409). */
export const link = fn(VerifiedPilot.extend({ userId: z.string() }), async ({ userId, ...pilot }) => {
  Actor.assertSystem();
  const row = await Character.find(pilot.characterId);
  // A person can move a character between EVE accounts of their own: both ends are proven, so that nothing is unlinked.
  if (row?.userId === userId) return Character.update(pilot, userId);
  if (await findCurrent(pilot)) {
    throw new VisibleError(
      "conflict",
      "character.linked_elsewhere",
      `${pilot.name} already belongs to another user here, and nothing was moved. If that is you too: log out, log in with ${pilot.name}, remove it there, then add it here.`,
    );
  }
  return Character.add(pilot, userId);
});

/**
 * Unlinks a character whose token died because it was transferred to another EVE account, unless its new owner has logged
 * in since. Doing it twice changes nothing.
 */
export const unlinkIfTransferred = fn(Id, async ({ characterId }): Promise<void> => {
  Actor.assertSystem();
  const [row, formerOwner] = await Promise.all([
    Character.find(characterId),
    Token.ownerBeforeTransfer({ characterId }),
  ]);
  if (row && row.ownerHash === formerOwner) await unlinkTransferred(row);
});

/**
 * Every handler that uses tokens (API, refresh, token-keeper) ends with it: unlinks the transferred characters that their
 * tokens showed, and writes the uses of tokens. A failure to unlink is logged: the next use of the dead token brings the character here again.
 */
// Public: it completes only what this process itself has found.
export async function finishTokenUses(): Promise<void> {
  for (const characterId of Token.takeTransferred()) {
    await Actor.provide({ type: "system", name: "character-transfer" }, () =>
      unlinkIfTransferred({ characterId }),
    ).catch((error: unknown) => Log.error("a transferred character was not unlinked", { characterId, error }));
  }
  await Token.flushUses();
}

/** Notifies the user of a character whose token died. The notice is kept until they have seen it. */
export const announceTokenDeath = fn(Id.extend({ reason: z.string() }), async (death) => {
  Actor.assertSystem();
  const row = await Character.find(death.characterId);
  if (row) await Push.send([Push.compose("token.died", Push.userTopic(row.userId), death)]);
});
