import * as z from "zod";
import * as Audit from "../../audit/index.ts";
import * as Character from "../../identity/character/index.ts";
import * as Session from "../../identity/session/index.ts";
import * as Token from "../../identity/token/index.ts";
import { Datasets as CharacterDatasets } from "../../owners/character/index.ts";
import { Datasets as CorporationDatasets } from "../../owners/corporation/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import { VisibleError } from "../../platform/error/index.ts";
import { fn } from "../../platform/fn/index.ts";
import * as Account from "../account/index.ts";
import * as Flow from "./flow.ts";
import { purposes } from "./login-flow.entity.ts";

const { Cookie } = Session;

/** The name of the cookie of the login with this state. */
export const loginCookie = (state: string): string => Cookie.login.name(state);

/** The Set-Cookie header that deletes the cookie of the login with this state. */
export const clearLogin = (state: string): string => Cookie.login.clear(state);

const baseScopes: Record<(typeof purposes)[number], string[]> = {
  login: ["publicData"],
  character: ["publicData", "esi-characters.read_corporation_roles.v1"],
  corporation: ["publicData", "esi-characters.read_corporation_roles.v1"],
};

/** Every scope that a login can ask for. EVE refuses a login that asks for one its application was not registered with. */
export const applicationScopes = (): string[] => [
  ...new Set([
    ...Object.values(baseScopes).flat(),
    ...CorporationDatasets.directorScopes(),
    ...CharacterDatasets.pilotScopes(),
  ]),
];

const BeginInput = z.object({
  purpose: z.enum(purposes),
  returnTo: z.string().max(2000).default("/"),
  /** Beyond those of the purpose: the scopes of the corporation's datasets. */
  scopes: z.array(z.string()).default([]),
  /** One of the user's characters, whose token is renewed: all scopes it was ever asked for are asked for again. */
  characterId: z.int().positive().optional(),
  /** The names of all cookies of the browser, in its order. */
  cookies: z.array(z.string()).default([]),
});

/**
 * Scopes that the new token must not lose: those of the character whose token is renewed. Which one a corporation is added
 * with is chosen at EVE alone, and its token replaces a wider one: whatever any of the user's characters has is asked for.
 */
async function scopesToKeep(purpose: (typeof purposes)[number], characterId: number | undefined): Promise<string[]> {
  if (characterId) return Character.wantedScopes({ characterId });
  return purpose === "corporation" ? Character.wantedScopesOfAll() : [];
}

/**
 * Begins a login. The browser goes to `url`; the first of `setCookies` binds the flow to it for ten minutes. Linking a
 * character or a corporation needs a user who is logged in. Errors: `session.required` (401).
 */
export const begin = fn(BeginInput, async ({ purpose, returnTo, scopes, characterId, cookies }) => {
  // Public: anyone can begin a login; the other purposes assert a user.
  const userId = purpose === "login" ? undefined : Actor.assertUser().userId;
  const lost = userId ? await scopesToKeep(purpose, characterId) : [];
  const wanted = [...new Set([...baseScopes[purpose], ...scopes, ...lost])];
  const { url, state, browser } = await Flow.start({ purpose, returnTo, scopes: wanted, userId, characterId });
  return { url, setCookies: [Cookie.login.set(state, browser, Flow.flowSeconds), ...Cookie.login.makeRoom(cookies)] };
});

const CompleteInput = z.object({
  state: z.string().min(1),
  code: z.string().min(1).optional(),
  /** The SSO's `error` parameter: the person declined, or the request was refused. */
  error: z.string().optional(),
  /** Value of this login's cookie. */
  cookie: z.string().optional(),
});

/** Adds to an error where the browser is to go. */
const withReturnTo = (error: unknown, returnTo: string): unknown =>
  error instanceof VisibleError ? new VisibleError(error.kind, error.code, error.message, { returnTo }) : error;

/** The user who is logged in now must be the one who began to link. */
function assertSameUser(userId: string): void {
  if (Actor.assertUser().userId === userId) return;
  throw new VisibleError("conflict", "session.user_changed", "Another user logged in meanwhile. Nothing was linked.");
}

/** A token is renewed with its own character only: another one, chosen at EVE by mistake, is not linked. */
function assertSameCharacter(expected: number | undefined, chosen: { characterId: number; name: string }): void {
  if (expected === undefined || expected === chosen.characterId) return;
  throw new VisibleError(
    "conflict",
    "session.other_character",
    `${chosen.name} was chosen at EVE, which is not the character whose token was to be renewed. Nothing was changed.`,
  );
}

type LoginFlow = Awaited<ReturnType<typeof Flow.take>>;
type Redeemed = Awaited<ReturnType<typeof Flow.redeem>>;

async function storeToken({ grant, claims }: Redeemed, flow: LoginFlow): Promise<void> {
  const { accessToken, refreshToken, accessExpiresAt } = grant;
  if (!refreshToken) return;
  const { characterId, ownerHash, scopes } = claims;
  const token = { characterId, ownerHash, scopes, asked: flow.scopes, accessToken, refreshToken, accessExpiresAt };
  // Adding a corporation asks for all scopes of the product: only that login can replace a token with more scopes.
  await Token.store({ ...token, keepWider: flow.purpose !== "corporation" });
}

/** Stores the character and its token. Returns the id of the user: the character's, or the one who asked to link it. */
const storeLogin = (redeemed: Redeemed, flow: LoginFlow): Promise<string> =>
  Actor.provide({ type: "system", name: "login" }, async () => {
    const { scopes: _, ...pilot } = redeemed.claims;
    const userId = flow.userId ?? (await Account.findOrCreateUser(pilot));
    if (flow.userId) await Account.link({ ...pilot, userId });
    const { characterId } = pilot;
    await Promise.all([storeToken(redeemed, flow), Character.refreshAffiliation({ characterId })]);
    return userId;
  });

/** Ends the browser's session and creates another: nobody can have planted the new one's id. */
async function replaceSession(userId: string): Promise<string> {
  const actor = Actor.use();
  if (actor.type === "user") await Session.endSession(actor.sessionId);
  return Session.createSession(userId);
}

async function finish(input: z.output<typeof CompleteInput>, flow: LoginFlow) {
  if (flow.userId) assertSameUser(flow.userId);
  if (!input.code || input.error) {
    throw new VisibleError("unauthorized", "session.login_declined", "The login at EVE SSO was not completed.");
  }
  const redeemed = await Flow.redeem({ code: input.code, state: input.state, browser: input.cookie ?? "" });
  assertSameCharacter(flow.characterId, redeemed.claims);
  const userId = await storeLogin(redeemed, flow);
  const setCookies = flow.purpose === "login" ? [await replaceSession(userId)] : [];
  const { characterId } = redeemed.claims;
  return { userId, characterId, purpose: flow.purpose, returnTo: flow.returnTo, setCookies };
}

/**
 * Completes a login from the SSO's redirect. `setCookies` are the headers of the answer: a plain login gets a new session.
 * Errors: those of the flow and of linking; once the flow is known they have `details.returnTo`.
 */
export const complete = fn(CompleteInput, async (input) => {
  // Public: the state together with the login cookie is the credential.
  const flow = await Flow.take(input.state, input.cookie);
  return finish(input, flow).catch((error: unknown) => {
    throw withReturnTo(error, flow.returnTo);
  });
});

/** Ends the asking session; returns the header that deletes its cookie. */
export async function logOut(): Promise<{ setCookie: string }> {
  const { sessionId } = Actor.assertUser();
  await Session.endSession(sessionId);
  return { setCookie: Cookie.session.clear() };
}

/** Ends all sessions of the asking user; returns the header that deletes this one's cookie. */
export async function logOutEverywhere(): Promise<{ setCookie: string }> {
  const { userId } = Actor.assertUser();
  await Audit.record({ action: "session.ended_everywhere", subject: { userId } });
  await Session.endAllSessions(userId);
  return { setCookie: Cookie.session.clear() };
}
