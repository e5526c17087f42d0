import * as Actor from "@tapi/core/actor";
import * as Config from "@tapi/core/config";
import * as Corporation from "@tapi/core/corporation";
import { VisibleError } from "@tapi/core/error";
import * as Session from "@tapi/core/session";
import * as SocketTicket from "@tapi/core/socket-ticket";
import { type Context, Hono } from "hono";
import { getCookie } from "hono/cookie";
import * as z from "zod";
import { askedHost } from "./client.ts";
import { describe } from "./describe.ts";
import { translate } from "./error.ts";
import { validate } from "./validate.ts";

export const session = new Hono().get(
  "/",
  describe("Who is logged in; null for nobody", z.object({ user: Session.Info.nullable() }), { isPublic: true }),
  async (c) => c.json({ data: { user: (await Session.info()) ?? null } }),
);

const Login = z.object({
  purpose: z.enum(["login", "character", "corporation"]).default("login"),
  returnTo: z.string().max(2000).default("/"),
  /** Of `character` and `corporation`: the one character whose token is to be renewed. */
  characterId: z.coerce.number().int().positive().optional(),
  /** Set where the browser was led here from another host of ours: once is enough, whatever a proxy says of the host. */
  moved: z.literal("true").optional(),
});

/** Visible ASCII, as OAuth has it for codes and states (RFC 6749, appendix A). */
const visible = (longest: number) =>
  z.string().regex(new RegExp(`^[\\x20-\\x7e]{1,${longest}}$`), `Not 1 to ${longest} visible characters.`);
/** What is not read may be in any language, but holds no control characters. */
const unread = z
  .string()
  .regex(/^\P{Cc}{1,4000}$/u, "Not 1 to 4,000 characters, or one of them is a control character.");

/** What an SSO may send back. Only state, code and error are read; the others are declared so that they are let through. */
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

type Completed = Awaited<ReturnType<typeof Session.complete>>;

/** A director needs all that the datasets need, also one whose token is renewed. */
async function scopesFor(purpose: z.infer<typeof Login>["purpose"], characterId: number | undefined) {
  if (purpose === "corporation") return Corporation.Datasets.directorScopes();
  return purpose === "character" && characterId ? Corporation.scopesOf({ characterId }) : [];
}

/** What waited for this character's token goes on. */
const renew = ({ userId, characterId }: Completed) =>
  Actor.provide({ type: "system", name: "login" }, () => Corporation.renew({ userId, characterId }));

/** Where a login for a corporation leads: to the corporation it has just added. */
async function afterCorporation({ characterId, returnTo }: Completed): Promise<string> {
  const { corporationId } = await Corporation.add({ characterId });
  return returnTo === "/" ? `/corporations/${corporationId}` : returnTo;
}

/**
 * The same login at the app's own address, where it was begun under another name of ours (127.0.0.1, CloudFront's domain):
 * EVE comes back to our own address, and a cookie is sent only to the host that set it.
 */
function atOwnAddress(c: Context, { moved, ...login }: z.infer<typeof Login>): string | undefined {
  const { PUBLIC_URL } = Config.get();
  const host = askedHost(c);
  if (moved || host === undefined || host === new URL(PUBLIC_URL).hostname) return undefined;
  const kept = Object.entries(login).map(([name, value]) => [name, String(value)]);
  return `${PUBLIC_URL}/api/v1/auth/login?${new URLSearchParams([...kept, ["moved", "true"]])}`;
}

/** A person is looking at this address: what they can read about goes to the page, anything else is our bug. */
function withError(path: string, thrown: unknown): string {
  const error = translate(thrown);
  if (!(error instanceof VisibleError)) throw thrown;
  const { returnTo = path } = (error.details ?? {}) as { returnTo?: string };
  return `${returnTo}${returnTo.includes("?") ? "&" : "?"}error=${encodeURIComponent(error.code)}`;
}

/** Nothing of a session stays in the browser; cookies are cleared one by one, since a login may be under way beside it. */
const clearSiteData = '"cache", "storage"';

export const auth = new Hono()
  .get(
    "/login",
    describe("Begin a login at EVE SSO: redirects there", undefined, { status: 302, isPublic: true }),
    validate("query", Login),
    async (c) => {
      const login = c.req.valid("query");
      const { purpose, returnTo, characterId } = login;
      const own = atOwnAddress(c, login);
      if (own) return c.redirect(own);
      try {
        const scopes = await scopesFor(purpose, characterId);
        const cookies = Object.keys(getCookie(c));
        const { url, setCookies } = await Session.begin({ purpose, returnTo, scopes, characterId, cookies });
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
      const cookie = getCookie(c, Session.loginCookie(state));
      if (cookie) c.header("Set-Cookie", Session.clearLogin(state));
      let returnTo = "/";
      try {
        const completed = await Session.complete({
          state,
          ...(code === undefined ? {} : { code }),
          ...(error === undefined ? {} : { error }),
          ...(cookie ? { cookie } : {}),
        });
        returnTo = completed.returnTo;
        for (const header of completed.setCookies) c.header("Set-Cookie", header, { append: true });
        if (completed.purpose === "corporation") return c.redirect(await afterCorporation(completed));
        await renew(completed);
        return c.redirect(returnTo);
      } catch (error) {
        return c.redirect(withError(returnTo, error));
      }
    },
  )
  .post("/logout", describe("End this session"), async (c) => {
    c.header("Set-Cookie", (await Session.end()).setCookie);
    c.header("Clear-Site-Data", clearSiteData);
    return c.body(null, 204);
  })
  .post("/logout-everywhere", describe("End every session of this user"), async (c) => {
    c.header("Set-Cookie", (await Session.endAll()).setCookie);
    c.header("Clear-Site-Data", clearSiteData);
    return c.body(null, 204);
  });

const Ticket = z.object({ ticket: z.string(), url: z.string(), expiresAt: z.iso.datetime() });

export const socket = new Hono().post(
  "/ticket",
  describe("A ticket that opens one WebSocket within 30 seconds", Ticket, { status: 201 }),
  async (c) => c.json({ data: { ...(await SocketTicket.issue()), url: Config.get().SOCKET_URL } }, 201),
);
