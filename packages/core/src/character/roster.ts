import { setTimeout as delay } from "node:timers/promises";
import { Service } from "electrodb";
import { ulid } from "ulid";
import * as Audit from "../audit/index.ts";
import { corporations, directors } from "../corporation/corporation.entity.ts";
import { rememberLeaving } from "../corporation/registry.ts";
import * as Db from "../db/index.ts";
import { VisibleError } from "../error/index.ts";
import { noticeTo } from "../realtime/notice.ts";
import * as Sessions from "../session/sessions.ts";
import * as Token from "../token/index.ts";
import { UserEntity } from "../user/user.entity.ts";
import { CharacterEntity, type CharacterRow } from "./character.entity.ts";
import { find } from "./owner.ts";

// Which characters a user has. User and characters change together in one transaction, so that a user is never left
// without a main and never removed while a character is being added.

const roster = Db.lazy(() => new Service({ user: UserEntity(), character: CharacterEntity() }));

export interface Pilot {
  characterId: number;
  name: string;
  ownerHash: string;
}

const conflict = () =>
  new VisibleError("conflict", "character.busy", "This character is being changed elsewhere. Try again.");

const asRow = (pilot: Pilot, userId: string): CharacterRow => ({ ...pilot, userId, linkedAt: Date.now() });

/** The characters of a user, oldest link first. */
export async function ofUser(userId: string): Promise<CharacterRow[]> {
  const { data } = await CharacterEntity().query.byUser({ userId }).go({ pages: "all" });
  return data;
}

/** A new user with this character as the main. */
export async function found(pilot: Pilot): Promise<string> {
  const userId = ulid();
  const row = asRow(pilot, userId);
  const { canceled } = await roster()
    .transaction.write(({ user, character }) => [
      user.create({ userId, mainCharacterId: pilot.characterId, characterCount: 1, createdAt: row.linkedAt }).commit(),
      character.create(row).commit(),
    ])
    .go();
  if (canceled) throw conflict();
  return userId;
}

export async function add(pilot: Pilot, userId: string): Promise<void> {
  const { canceled } = await roster()
    .transaction.write(({ user, character }) => [
      user.patch({ userId }).add({ characterCount: 1 }).commit(),
      character.create(asRow(pilot, userId)).commit(),
    ])
    .go();
  if (canceled) throw conflict();
}

/** What the SSO says of a character that stays with its user. */
export async function renew({ characterId, name, ownerHash }: Pilot, userId: string): Promise<void> {
  await CharacterEntity()
    .patch({ characterId })
    .set({ name, ownerHash })
    .where((attribute, op) => op.eq(attribute.userId, userId))
    .go();
}

/** The character's seats as a director give its user sight of the corporation: they go first. */
async function removeDirectorships(seats: readonly { corporationId: number; characterId: number }[]): Promise<void> {
  await directors()
    .delete(seats.map(({ corporationId, characterId }) => ({ corporationId, characterId })))
    .go();
}

/** Puts it into the audit trail, and tells the other directors of the corporations that lose this one. */
async function announce(row: CharacterRow, action: string, corporationIds: readonly number[]): Promise<void> {
  const { characterId, name, userId } = row;
  await Audit.record({ action, subject: { characterId, name, userId, corporationIds } });
  for (const corporationId of corporationIds) {
    const { data } = await directors().query.byCorporation({ corporationId }).go({ pages: "all" });
    const others = data.map((each) => each.userId).filter((other) => other !== userId);
    const corporation = await corporations().get({ corporationId }).go();
    const where = corporation.data?.name ?? `corporation ${corporationId}`;
    const message = `${name} has left its user here, and is no longer among the directors of ${where}.`;
    await noticeTo(others, { action, corporationId, message });
  }
}

/** The character goes only as it was read: not if it has changed its user or its owner since. */
async function removeWithUser({ userId, characterId, ownerHash }: CharacterRow): Promise<boolean> {
  const { canceled } = await roster()
    .transaction.write(({ user, character }) => [
      user
        .remove({ userId })
        .where(({ characterCount }, op) => op.eq(characterCount, 1))
        .commit(),
      character
        .remove({ characterId })
        .where((attribute, op) => `${op.eq(attribute.userId, userId)} AND ${op.eq(attribute.ownerHash, ownerHash)}`)
        .commit(),
    ])
    .go();
  return !canceled;
}

async function removeFromUser(row: CharacterRow, mainCharacterId: number): Promise<boolean> {
  const { userId, characterId, ownerHash } = row;
  const { canceled } = await roster()
    .transaction.write(({ user, character }) => [
      user
        .patch({ userId })
        .set({ mainCharacterId })
        .subtract({ characterCount: 1 })
        .where(({ characterCount }, op) => op.gt(characterCount, 1))
        .commit(),
      character
        .remove({ characterId })
        .where((attribute, op) => `${op.eq(attribute.userId, userId)} AND ${op.eq(attribute.ownerHash, ownerHash)}`)
        .commit(),
      // The main-to-be may be leaving at this very moment.
      character
        .check({ characterId: mainCharacterId })
        .where((attribute, op) => op.eq(attribute.userId, userId))
        .commit(),
    ])
    .go();
  return !canceled;
}

type Unlinked = { userRemoved: boolean };

/** One try; undefined when something changed between the reading and the writing. */
async function tryUnlink(row: CharacterRow): Promise<Unlinked | undefined> {
  const { userId, characterId } = row;
  const { data: user } = await UserEntity().get({ userId }).go({ consistent: true });
  if (!user) return undefined;
  if (user.characterCount <= 1) {
    if (!(await removeWithUser(row))) return undefined;
    await Sessions.endAll(userId);
    return { userRemoved: true };
  }
  const others = (await ofUser(userId)).filter((other) => other.characterId !== characterId);
  const main = user.mainCharacterId === characterId ? others[0]?.characterId : user.mainCharacterId;
  if (main === undefined || !(await removeFromUser(row, main))) return undefined;
  return { userRemoved: false };
}

/** Takes a character from its user. Losing the main makes the next oldest the main; losing the last ends the user. */
export async function unlink(row: CharacterRow, action = "character.unlinked"): Promise<Unlinked> {
  const { data } = await directors().query.byUser({ userId: row.userId }).go({ pages: "all" });
  const seats = data.filter((seat) => seat.characterId === row.characterId);
  await announce(
    row,
    action,
    seats.map(({ corporationId }) => corporationId),
  );
  for (const { corporationId, userId } of seats) await rememberLeaving(corporationId, userId);
  await removeDirectorships(seats);
  for (let tries = 0; tries < 5; tries += 1) {
    const unlinked = await tryUnlink(row);
    if (unlinked) return unlinked;
    await delay(20 + Math.random() * 80);
  }
  throw conflict();
}

/** Makes a character its user's main, if it is that user's at this moment. */
export async function setMain({ userId, characterId }: CharacterRow): Promise<void> {
  const { canceled } = await roster()
    .transaction.write(({ user, character }) => [
      user.patch({ userId }).set({ mainCharacterId: characterId }).commit(),
      character
        .check({ characterId })
        .where((attribute, op) => op.eq(attribute.userId, userId))
        .commit(),
    ])
    .go();
  if (canceled) throw conflict();
}

/** A character that was sold or moved leaves its former user, and its token dies. */
export async function release(row: CharacterRow): Promise<void> {
  await Token.markDead({ characterId: row.characterId, reason: "owner_changed" });
  await unlink(row, "character.owner_changed");
}

/** The row, unless the SSO names another owner than it does: then the former user has lost it, just now. */
export async function findUnsold(pilot: Pilot): Promise<CharacterRow | undefined> {
  const row = await find(pilot.characterId);
  if (!row || row.ownerHash === pilot.ownerHash) return row;
  await release(row);
  return undefined;
}
