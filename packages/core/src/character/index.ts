import * as z from "zod";
import * as Actor from "../actor/index.ts";
import * as Audit from "../audit/index.ts";
import { VisibleError } from "../error/index.ts";
import { fn } from "../fn/index.ts";
import * as Token from "../token/index.ts";
import * as User from "../user/index.ts";
import * as Affiliation from "./affiliation.ts";
import type { CharacterRow } from "./character.entity.ts";
import * as Owner from "./owner.ts";
import * as Roster from "./roster.ts";

export const Info = z.object({
  characterId: z.number(),
  name: z.string(),
  corporationId: z.number().optional(),
  corporationName: z.string().optional(),
  allianceId: z.number().optional(),
  isMain: z.boolean(),
  linkedAt: z.iso.datetime(),
  token: Token.Status,
});
export type Info = z.infer<typeof Info>;

const Id = z.object({ characterId: z.int().positive() });
const Vouched = Id.extend({ name: z.string().min(1), ownerHash: z.string().min(1) });

const statusesOf = (rows: CharacterRow[]) =>
  // The rows are the asking user's own: the vault need not look that up again for each.
  Actor.provide({ type: "system", name: "character" }, () =>
    Token.statuses({ characterIds: rows.map((row) => row.characterId) }),
  );

async function present(rows: CharacterRow[]): Promise<Info[]> {
  const [user, fresh, tokens] = await Promise.all([User.current(), Affiliation.refresh(rows), statusesOf(rows)]);
  return fresh.map((row, index) =>
    Info.parse({
      ...row,
      isMain: row.characterId === user.mainCharacterId,
      linkedAt: new Date(row.linkedAt).toISOString(),
      token: tokens[index],
    }),
  );
}

export const Pilot = z.object({
  characterId: z.number(),
  name: z.string(),
  corporationId: z.number().optional(),
  allianceId: z.number().optional(),
});

/** The asking user's characters by what is known of them here: one read, for what every page asks. */
export async function pilots(): Promise<z.infer<typeof Pilot>[]> {
  const { userId } = Actor.assertUser();
  return (await Roster.ofUser(userId)).map((row) => Pilot.parse(row));
}

/** The asking user's characters with their tokens, oldest first. */
export async function list(): Promise<Info[]> {
  const { userId } = Actor.assertUser();
  return present(await Roster.ofUser(userId));
}

export const get = fn(Id, async ({ characterId }): Promise<Info> => {
  const row = await Owner.own(characterId);
  const [info] = await present([row]);
  if (!info) throw new VisibleError("not_found", "character.not_found", "No such character.");
  return info;
});

/** Every scope that was ever asked for with one's own character. */
export const wantedScopes = fn(Id, async ({ characterId }): Promise<string[]> => {
  const row = await Owner.own(characterId);
  const [token] = await statusesOf([row]);
  return token ? [...new Set([...token.scopes, ...token.missingScopes])] : [];
});

export const setMain = fn(Id, async ({ characterId }) => {
  await Roster.setMain(await Owner.own(characterId));
});

/**
 * Takes one's own character out, with its token and its seats as a director. Losing the main makes the next oldest the
 * main; losing the last ends the user and every session.
 */
export const remove = fn(Id, async ({ characterId }) => {
  const row = await Owner.own(characterId);
  await Audit.record({ action: "token.revoked", subject: { characterId, name: row.name } });
  await Token.revoke({ characterId });
  return Roster.unlink(row);
});

/** What the character's token was used for, newest first, since it was linked. */
export const tokenUses = fn(Id.extend({ cursor: z.string().optional() }), async (input) => {
  const row = await Owner.own(input.characterId);
  return Token.uses({ ...input, since: row.linkedAt });
});

/** The user whom a login with this character belongs to; a character that nobody has founds a new user. */
export const enter = fn(Vouched, async (pilot) => {
  Actor.assertSystem();
  const row = await Roster.findUnsold(pilot);
  if (!row) return Roster.found(pilot);
  await Roster.renew(pilot, row.userId);
  return row.userId;
});

/** Links a character to a user. One that belongs to somebody else stays there: `character.linked_elsewhere`. */
export const link = fn(Vouched.extend({ userId: z.string() }), async ({ userId, ...pilot }) => {
  Actor.assertSystem();
  const row = await Owner.find(pilot.characterId);
  // The same person may move a character between EVE accounts; having proved to own both ends, nothing leaves.
  if (row?.userId === userId) return Roster.renew(pilot, userId);
  if (await Roster.findUnsold(pilot)) {
    throw new VisibleError(
      "conflict",
      "character.linked_elsewhere",
      `${pilot.name} already belongs to another user here, and nothing was moved. If that is you too: log out, log in with ${pilot.name}, remove it there, then add it here.`,
    );
  }
  return Roster.add(pilot, userId);
});

/** Corporation and alliance, before the first page shows them. */
export const refreshAffiliation = fn(Id, async ({ characterId }) => {
  Actor.assertSystem();
  const row = await Owner.find(characterId);
  if (row) await Affiliation.refresh([row]);
});

/**
 * The user who has the character; workers tell them when its token died. A death by `owner_changed` also takes the
 * character from that user, unless its new owner has logged in since.
 */
export const afterDeath = fn(Id.extend({ reason: z.string() }), async ({ characterId, reason }) => {
  Actor.assertSystem();
  const row = await Owner.find(characterId);
  if (row && reason === "owner_changed" && row.ownerHash === (await Token.ownerHash({ characterId }))) {
    await Roster.release(row);
  }
  return row?.userId;
});
