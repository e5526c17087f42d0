import * as Session from "@tapi/core/identity/session";
import * as CharacterData from "@tapi/core/owners/character";
import * as Corporation from "@tapi/core/owners/corporation";
import * as Actor from "@tapi/core/platform/actor";
import * as Config from "@tapi/core/platform/config";
import * as Login from "@tapi/core/product/login";
import * as SocketTicket from "@tapi/core/product/socket-ticket";
import { type Context, Hono } from "hono";
import { getCookie } from "hono/cookie";
import * as z from "zod";
import { askedHost } from "./client.ts";
import { describe } from "./describe.ts";
import { withError } from "./login-error.ts";
import { validate } from "./validate.ts";

export const session = new Hono().get(
  "/",
  describe("Who is logged in; null for nobody", z.object({ user: Session.Info.nullable() }), { isPublic: true }),
  async (c) => c.json({ data: { user: (await Session.info()) ?? null } }),
);

const LoginQuery = z.object({
  purpose: z.enum(["login", "character", "corporation"]).default("login"),
  returnTo: z.string().max(2000).default("/"),
  /** For `character` and `corporation`: the character whose token is renewed. */
  characterId: z.coerce.number().int().positive().optional(),
  /** For `character`: the pilot grants what its own datasets need, too (skills, wallet, assets, ...). */
  share: z.literal("true").optional(),
  /** Set if we redirected the browser from another of our hosts. Once is enough, whatever host a proxy reports. */
  moved: z.literal("true").optional(),
});

/** Visible ASCII, as in OAuth's codes and states (RFC 6749, appendix A). */
const visible = (longest: number) =>
  z.string().regex(new RegExp(`^[\\x20-\\x7e]{1,${longest}}$`), `Not 1 to ${longest} visible characters.`);
/** Parameters that are not read: any language, no control characters. */
const unread = z
  .string()
  .regex(/^\P{Cc}{1,4000}$/u, "Not 1 to 4,000 characters, or one of them is a control character.");

/** The parameters that an SSO can send. Only state, code and error are read; undeclared ones would be refused. */
const Callback = z
  .object({
    state: visible(200),
    code: visible(4_000).optional(),
    error: visible(200).optional(),
    error_description: unread.optional(),
    error_uri: unread.optional(),
    iss: unread.optional(),
    session_state: unread.optional(),
    scope: unread.optional(),
    token_type: unread.optional(),
    expires_in: unread.optional(),
  })
  .refine(({ code, error }) => code !== undefined || error !== undefined, {
    path: ["code"],
    message: "Neither a code nor an error.",
  });

type Completed = Awaited<ReturnType<typeof Login.complete>>;

/** A director needs the scopes of the corporation's datasets, also when the token is renewed; a pilot who shares those of the character's. */
async function scopesFor({ purpose, characterId, share }: z.infer<typeof LoginQuery>): Promise<string[]> {
  if (purpose === "corporation") return Corporation.Datasets.directorScopes();
  if (purpose === "login") return [];
  const asDirector = characterId ? await Corporation.scopesOf({ characterId }) : [];
  return share ? [...CharacterData.Datasets.pilotScopes(), ...asDirector] : asDirector;
}

/** What the new token can read is fetched: of the character, and of the corporations that it directs. */
const renew = ({ userId, characterId }: Completed) =>
  Actor.provide({ type: "system", name: "login" }, async () => {
    await Promise.all([Corporation.renew({ userId, characterId }), CharacterData.enrol({ characterId })]);
  });

/** The page after a login for a corporation: the corporation that was just added. */
async function afterCorporation({ characterId, returnTo }: Completed): Promise<string> {
  const { corporationId } = await Corporation.add({ characterId });
  return returnTo === "/" ? `/corporations/${corporationId}` : returnTo;
}

/**
 * The same login at the app's own address, for a browser that began it at another of our names (127.0.0.1, CloudFront's
 * domain): EVE redirects to our own address, and browsers send a cookie only to the host that set it.
 */
function atOwnAddress(c: Context, { moved, ...login }: z.infer<typeof LoginQuery>): string | undefined {
  const { PUBLIC_URL } = Config.get();
  const host = askedHost(c);
  if (moved || host === undefined || host === new URL(PUBLIC_URL).hostname) return undefined;
  const kept = Object.entries(login).map(([name, value]) => [name, String(value)]);
  return `${PUBLIC_URL}/api/v1/auth/login?${new URLSearchParams([...kept, ["moved", "true"]])}`;
}

/** Clears all browser data of a session except cookies: another login can be under way in another tab. */
const clearSiteData = '"cache", "storage"';

export const auth = new Hono()
  .get(
    "/login",
    describe("Begin a login at EVE SSO: redirects there", undefined, { status: 302, isPublic: true }),
    validate("query", LoginQuery),
    async (c) => {
      const login = c.req.valid("query");
      const { purpose, returnTo, characterId } = login;
      const own = atOwnAddress(c, login);
      if (own) return c.redirect(own);
      try {
        const scopes = await scopesFor(login);
        const cookies = Object.keys(getCookie(c));
        const { url, setCookies } = await Login.begin({ purpose, returnTo, scopes, characterId, cookies });
        for (const header of setCookies) c.header("Set-Cookie", header, { append: true });
        return c.redirect(url);
      } catch (error) {
        return c.redirect(withError("/", error));
      }
    },
  )
  .get(
    "/callback",
    describe(
      "EVE SSO comes back here: redirects to the page that the login began on, failed with `?error=<code>`",
      undefined,
      {
        status: 302,
        isPublic: true,
      },
    ),
    validate("query", Callback),
    async (c) => {
      const { state, code, error } = c.req.valid("query");
      const cookie = getCookie(c, Login.loginCookie(state));
      if (cookie) c.header("Set-Cookie", Login.clearLogin(state));
      let returnTo = "/";
      try {
        const completed = await Login.complete({
          state,
          ...(code === undefined ? {} : { code }),
          ...(error === undefined ? {} : { error }),
          ...(cookie ? { cookie } : {}),
        });
        returnTo = completed.returnTo;
        for (const header of completed.setCookies) c.header("Set-Cookie", header, { append: true });
        if (completed.purpose === "corporation") returnTo = await afterCorporation(completed);
        await renew(completed);
        return c.redirect(returnTo);
      } catch (error) {
        return c.redirect(withError(returnTo, error));
      }
    },
  )
  .post("/logout", describe("End this session"), async (c) => {
    c.header("Set-Cookie", (await Login.logOut()).setCookie);
    c.header("Clear-Site-Data", clearSiteData);
    return c.body(null, 204);
  })
  .post("/logout-everywhere", describe("End every session of this user"), async (c) => {
    c.header("Set-Cookie", (await Login.logOutEverywhere()).setCookie);
    c.header("Clear-Site-Data", clearSiteData);
    return c.body(null, 204);
  });

const Ticket = z.object({ ticket: z.string(), url: z.string(), expiresAt: z.iso.datetime() });

export const socket = new Hono().post(
  "/ticket",
  describe("A ticket that opens one WebSocket within 30 seconds", Ticket, { status: 201 }),
  async (c) => c.json({ data: { ...(await SocketTicket.issue()), url: Config.get().SOCKET_URL } }, 201),
);
