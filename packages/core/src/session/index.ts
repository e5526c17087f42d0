import * as z from "zod";
import * as Actor from "../actor/index.ts";
import * as Audit from "../audit/index.ts";
import * as Character from "../character/index.ts";
import * as Config from "../config/index.ts";
import { VisibleError } from "../error/index.ts";
import { fn } from "../fn/index.ts";
import * as User from "../user/index.ts";
import * as Cookie from "./cookie.ts";
import * as Login from "./login.ts";
import { purposes } from "./login-flow.entity.ts";
import * as Sessions from "./sessions.ts";

export const sessionCookie = (): string => Cookie.session.name();

/** The cookie of the login with this state. */
export const loginCookie = (state: string): string => Cookie.login.name(state);

/** The header that ends the login with this state in the browser, whatever it came to. */
export const clearLogin = (state: string): string => Cookie.login.clear(state);

export const Info = z.object({
  userId: z.string(),
  main: Character.Pilot,
  admin: z.boolean(),
});
export type Info = z.infer<typeof Info>;

const baseScopes: Record<(typeof purposes)[number], string[]> = {
  login: ["publicData"],
  character: ["publicData", "esi-characters.read_corporation_roles.v1"],
  corporation: ["publicData", "esi-characters.read_corporation_roles.v1"],
};

const BeginInput = z.object({
  purpose: z.enum(purposes),
  returnTo: z.string().max(2000).default("/"),
  /** Beyond what the purpose itself needs: the scopes of the corporation's datasets. */
  scopes: z.array(z.string()).default([]),
  /** One's own character whose token is to be renewed: everything that it could do is asked for again. */
  characterId: z.int().positive().optional(),
  /** The names of all cookies that the browser holds, as it sent them. */
  cookies: z.array(z.string()).default([]),
});

/**
 * Begins a login. `url` is where the browser goes; the first of `setCookies` binds the flow to this browser for ten minutes.
 * Linking a character or a corporation takes a user who is logged in.
 */
export const begin = fn(BeginInput, async ({ purpose, returnTo, scopes, characterId, cookies }) => {
  // Public: anyone may begin a login; the other purposes assert a user.
  const userId = purpose === "login" ? undefined : Actor.assertUser().userId;
  const lost = characterId && userId ? await Character.wantedScopes({ characterId }) : [];
  const wanted = [...new Set([...baseScopes[purpose], ...scopes, ...lost])];
  const { url, state, browser } = await Login.start({ purpose, returnTo, scopes: wanted, userId, characterId });
  return { url, setCookies: [Cookie.login.set(state, browser, Login.flowSeconds), ...Cookie.login.makeRoom(cookies)] };
});

const CompleteInput = z.object({
  state: z.string().min(1),
  code: z.string().min(1).optional(),
  /** The SSO's `error` parameter: the person declined, or the request was refused. */
  error: z.string().optional(),
  /** Value of this login's cookie. */
  cookie: z.string().optional(),
});

/** The error as it was, with where to send the browser in its details. */
const withReturnTo = (error: unknown, returnTo: string): unknown =>
  error instanceof VisibleError ? new VisibleError(error.kind, error.code, error.message, { returnTo }) : error;

/** Whoever is logged in now must be the one who began to link: nothing goes to a user who has left the browser since. */
function assertSameUser(userId: string): void {
  if (Actor.assertUser().userId === userId) return;
  throw new VisibleError("conflict", "session.user_changed", "Another user logged in meanwhile. Nothing was linked.");
}

/** A token can only be renewed with its own character: another one that was chosen at EVE is not linked by mistake. */
function assertSameCharacter(expected: number | undefined, chosen: { characterId: number; name: string }): void {
  if (expected === undefined || expected === chosen.characterId) return;
  throw new VisibleError(
    "conflict",
    "session.other_character",
    `${chosen.name} was chosen at EVE, which is not the character whose token was to be renewed. Nothing was changed.`,
  );
}

async function finish(input: z.output<typeof CompleteInput>, flow: Awaited<ReturnType<typeof Login.take>>) {
  if (flow.userId) assertSameUser(flow.userId);
  if (!input.code || input.error) {
    throw new VisibleError("unauthorized", "session.login_declined", "The login at EVE SSO was not completed.");
  }
  const redeemed = await Login.redeem({ code: input.code, state: input.state, browser: input.cookie ?? "" });
  assertSameCharacter(flow.characterId, redeemed.claims);
  const userId = await Login.settle(redeemed, flow);
  const setCookies: string[] = [];
  if (flow.purpose === "login") {
    // Always a new session, never the one that the browser came with: nobody can have planted its id.
    const actor = Actor.use();
    if (actor.type === "user") await Sessions.end(actor.sessionId);
    setCookies.push(Cookie.session.set(await Sessions.open(userId), Sessions.absoluteMs / 1000));
  }
  const { characterId } = redeemed.claims;
  return { userId, characterId, purpose: flow.purpose, returnTo: flow.returnTo, setCookies };
}

/**
 * Completes a login from the SSO's redirect. `setCookies` are the headers to answer with: a new session after a plain
 * login. A VisibleError thrown once the flow is known has `details.returnTo`.
 */
export const complete = fn(CompleteInput, async (input) => {
  // Public: the state together with the login cookie is the credential.
  const flow = await Login.take(input.state, input.cookie);
  return finish(input, flow).catch((error: unknown) => {
    throw withReturnTo(error, flow.returnTo);
  });
});

/** Who a session cookie stands for; undefined for an unknown, ended or expired one. */
export async function resolve(cookie: string): Promise<Extract<Actor.Actor, { type: "user" }> | undefined> {
  // Public: the cookie is the credential.
  const session = await Sessions.find(cookie);
  return session && { type: "user", ...session };
}

/** The asking user as the app shows them; undefined when nobody is logged in. */
export async function info(): Promise<Info | undefined> {
  // Public: it tells who is asking, nothing else.
  const actor = Actor.use();
  if (actor.type !== "user") return undefined;
  const [user, pilots] = await Promise.all([User.current(), Character.pilots()]);
  const main = pilots.find(({ characterId }) => characterId === user.mainCharacterId);
  if (!main) return undefined;
  const { ADMIN_CHARACTER_IDS } = Config.get();
  const admin = pilots.some(({ characterId }) => ADMIN_CHARACTER_IDS.includes(characterId));
  return Info.parse({ userId: actor.userId, main, admin });
}

/** Ends the asking session; returns the header that clears its cookie. */
export async function end(): Promise<{ setCookie: string }> {
  const { sessionId } = Actor.assertUser();
  await Sessions.end(sessionId);
  return { setCookie: Cookie.session.clear() };
}

/** Ends every session of the asking user. */
export async function endAll(): Promise<{ setCookie: string }> {
  const { userId } = Actor.assertUser();
  await Audit.record({ action: "session.ended_everywhere", subject: { userId } });
  await Sessions.endAll(userId);
  return { setCookie: Cookie.session.clear() };
}
