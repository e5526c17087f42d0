import { setTimeout as delay } from "node:timers/promises";
import { Service } from "electrodb";
import { ulid } from "ulid";
import type { Tier } from "../../owner/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import * as Db from "../../platform/db/index.ts";
import { VisibleError } from "../../platform/error/index.ts";
import { UserEntity } from "../user/index.ts";
import { CharacterEntity, type CharacterRow } from "./character.entity.ts";

// The characters of a user. User and characters change in one transaction, so that a user always has a main character and
// is never deleted while a character is being added.

const roster = Db.lazy(() => new Service({ user: UserEntity(), character: CharacterEntity() }));

/** A character as the SSO confirmed it. `ownerHash` is the SSO's hash of the EVE account. */
export interface VerifiedPilot {
  characterId: number;
  name: string;
  ownerHash: string;
}

const conflict = () =>
  new VisibleError("conflict", "character.busy", "This character is being changed elsewhere. Try again.");

const asRow = (pilot: VerifiedPilot, userId: string): CharacterRow => ({ ...pilot, userId, linkedAt: Date.now() });

/** A character's row. A consistent read. */
// For callers that compare its user with the asking user.
export async function find(characterId: number): Promise<CharacterRow | undefined> {
  const { data } = await CharacterEntity().get({ characterId }).go({ consistent: true });
  return data ?? undefined;
}

/** The asking user's own character. Anyone else's is `character.not_found` (404). */
export async function own(characterId: number): Promise<CharacterRow> {
  const { userId } = Actor.assertUser();
  const row = await find(characterId);
  if (row?.userId !== userId) throw new VisibleError("not_found", "character.not_found", "No such character.");
  return row;
}

/** The characters of a user, oldest link first. */
export async function ofUser(userId: string): Promise<CharacterRow[]> {
  const { data } = await CharacterEntity().query.byUser({ userId }).go({ pages: "all" });
  return data;
}

/** Creates a user with this character as the main, and returns the user's id. Errors: `character.busy` (409). */
export async function createUser(pilot: VerifiedPilot): Promise<string> {
  Actor.assertSystem();
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

/** Adds a character that no user has to a user. Errors: `character.busy` (409). */
export async function add(pilot: VerifiedPilot, userId: string): Promise<void> {
  Actor.assertSystem();
  const { canceled } = await roster()
    .transaction.write(({ user, character }) => [
      user.patch({ userId }).add({ characterCount: 1 }).commit(),
      character.create(asRow(pilot, userId)).commit(),
    ])
    .go();
  if (canceled) throw conflict();
}

/** Stores the name and the EVE account that the SSO now gives for a user's character. */
export async function update({ characterId, name, ownerHash }: VerifiedPilot, userId: string): Promise<void> {
  Actor.assertSystem();
  await CharacterEntity()
    .patch({ characterId })
    .set({ name, ownerHash })
    .where((attribute, op) => op.eq(attribute.userId, userId))
    .go();
}

/** Deletes the row as it was read: nothing if the character has changed its user or its EVE account since. */
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
      // The next main can be leaving at the same moment.
      character
        .check({ characterId: mainCharacterId })
        .where((attribute, op) => op.eq(attribute.userId, userId))
        .commit(),
    ])
    .go();
  return !canceled;
}

type Unlinked = { userRemoved: boolean };

/** One try; undefined if something changed between reading and writing. */
async function tryUnlink(row: CharacterRow): Promise<Unlinked | undefined> {
  const { userId, characterId } = row;
  const { data: user } = await UserEntity().get({ userId }).go({ consistent: true });
  if (!user) return undefined;
  if (user.characterCount <= 1) return (await removeWithUser(row)) ? { userRemoved: true } : undefined;
  const others = (await ofUser(userId)).filter((other) => other.characterId !== characterId);
  const main = user.mainCharacterId === characterId ? others[0]?.characterId : user.mainCharacterId;
  if (main === undefined || !(await removeFromUser(row, main))) return undefined;
  return { userRemoved: false };
}

/**
 * Unlinks a character from its user. If it was the main, the next oldest becomes the main; if it was the last, the user is
 * deleted. Errors: `character.busy` (409).
 */
export async function unlink(row: CharacterRow): Promise<Unlinked> {
  Actor.assertSystem();
  for (let tries = 0; tries < 5; tries += 1) {
    const unlinked = await tryUnlink(row);
    if (unlinked) return unlinked;
    await delay(20 + Math.random() * 80);
  }
  throw conflict();
}

/** Sets how fresh a character's datasets are kept. Throws ElectroDB's failed condition if no user has the character. */
export async function setTier(characterId: number, tier: Tier): Promise<void> {
  Actor.assertSystem();
  await CharacterEntity().patch({ characterId }).set({ tier }).go();
}

/** Makes a character its user's main, if it is that user's at this moment. Errors: `character.busy` (409). */
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
