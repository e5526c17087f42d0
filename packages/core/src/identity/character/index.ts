import * as z from "zod";
import * as Actor from "../../platform/actor/index.ts";
import { VisibleError } from "../../platform/error/index.ts";
import { fn } from "../../platform/fn/index.ts";
import * as Token from "../token/index.ts";
import * as User from "../user/index.ts";
import * as Affiliation from "./affiliation.ts";
import type { CharacterRow } from "./character.entity.ts";
import * as Roster from "./roster.ts";

export type { CharacterRow } from "./character.entity.ts";
export { add, createUser, find, ofUser, own, setTier, unlink, update, type VerifiedPilot } from "./roster.ts";

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

/** Runs a call of the token vault, which serves the system alone, for characters that are the asking user's own. */
const asSystem = <T>(body: () => T): T => Actor.provide({ type: "system", name: "character" }, body);

const statusesOf = (rows: CharacterRow[]) =>
  asSystem(() => Token.statuses({ characterIds: rows.map((row) => row.characterId) }));

async function describeAll(rows: CharacterRow[]): Promise<Info[]> {
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

/** The asking user's characters without their tokens, oldest link first. One read, because every page asks for it. */
export async function pilots(): Promise<z.infer<typeof Pilot>[]> {
  const { userId } = Actor.assertUser();
  return (await Roster.ofUser(userId)).map((row) => Pilot.parse(row));
}

/** The asking user's characters with their tokens, oldest link first. */
export async function list(): Promise<Info[]> {
  const { userId } = Actor.assertUser();
  return describeAll(await Roster.ofUser(userId));
}

/** One of the asking user's characters. Errors: `character.not_found` (404). */
export const get = fn(Id, async ({ characterId }): Promise<Info> => {
  const row = await Roster.own(characterId);
  const [info] = await describeAll([row]);
  if (!info) throw new VisibleError("not_found", "character.not_found", "No such character.");
  return info;
});

/** All scopes that were ever asked for with one of the asking user's characters. */
export const wantedScopes = fn(Id, async ({ characterId }): Promise<string[]> => {
  const row = await Roster.own(characterId);
  const [token] = await statusesOf([row]);
  return token ? [...new Set([...token.scopes, ...token.missingScopes])] : [];
});

/** All scopes that were ever asked for with any of the asking user's characters. */
export async function wantedScopesOfAll(): Promise<string[]> {
  const { userId } = Actor.assertUser();
  const tokens = await statusesOf(await Roster.ofUser(userId));
  return [...new Set(tokens.flatMap(({ scopes, missingScopes }) => [...scopes, ...missingScopes]))];
}

/** Makes one of the asking user's characters the main. Errors: `character.not_found` (404), `character.busy` (409). */
export const setMain = fn(Id, async ({ characterId }) => {
  await Roster.setMain(await Roster.own(characterId));
});

/** What the token of one of the asking user's characters was used for since it was linked, newest first. */
export const tokenUses = fn(Id.extend({ cursor: z.string().optional() }), async (input) => {
  const row = await Roster.own(input.characterId);
  return asSystem(() => Token.uses({ ...input, since: row.linkedAt }));
});

/** Stores a character's current corporation and alliance, so that the first page can show them. */
export const refreshAffiliation = fn(Id, async ({ characterId }) => {
  Actor.assertSystem();
  const row = await Roster.find(characterId);
  if (row) await Affiliation.refresh([row]);
});
