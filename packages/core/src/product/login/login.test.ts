import { createHash, randomInt } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import * as Character from "../../identity/character/index.ts";
import * as Session from "../../identity/session/index.ts";
import * as Token from "../../identity/token/index.ts";
import { type ScriptedSso, startScriptedSso } from "../../identity/token/sso.fixture.ts";
import * as Actor from "../../platform/actor/index.ts";
import * as Config from "../../platform/config/index.ts";
import * as Credential from "../../platform/credential/index.ts";
import * as Login from "./index.ts";

let sso: ScriptedSso;

beforeAll(async () => {
  sso = await startScriptedSso({ characterId: 1, name: "Ann Example", owner: "owner-1" });
  Object.assign(process.env, { SSO_BASE_URL: sso.url, ESI_BASE_URL: sso.url });
  Config.reset();
});
afterAll(() => sso.close());

const newPilot = (name = "Ann Example") => ({
  characterId: randomInt(90_000_000, 2_000_000_000),
  name,
  owner: `owner-${name}`,
});

beforeEach(() => {
  sso.pilot = newPilot();
  sso.answer = undefined;
  sso.asked.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

const later = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });
const cookieValue = (setCookie = "") => setCookie.slice(setCookie.indexOf("=") + 1, setCookie.indexOf(";"));

/** What a browser holds after it was sent to the SSO. */
async function begin(input: Parameters<typeof Login.begin>[0] = { purpose: "login", returnTo: "/" }) {
  const { url, setCookies } = await Login.begin(input);
  const query = new URL(url).searchParams;
  const [setCookie = ""] = setCookies;
  return { setCookies, query, state: query.get("state") ?? "", cookie: cookieValue(setCookie), setCookie };
}

async function logIn(pilot = sso.pilot) {
  sso.pilot = pilot;
  const { state, cookie } = await begin();
  const done = await Login.complete({ code: "code-1", state, cookie });
  const sessionCookie = cookieValue(done.setCookies[0]);
  const actor = await Session.resolve(sessionCookie);
  if (!actor) throw new Error("no session");
  return { ...done, sessionCookie, as: <T>(body: () => T): T => Actor.provide(actor, body) };
}

async function linkAs(user: Awaited<ReturnType<typeof logIn>>, pilot: ScriptedSso["pilot"]) {
  sso.pilot = pilot;
  const { state, cookie } = await user.as(() => begin({ purpose: "character", returnTo: "/characters" }));
  return user.as(() => Login.complete({ code: "code-1", state, cookie }));
}

test("a login goes to the SSO with state, PKCE and the purpose's scopes, and no secret in the address", async () => {
  const { query, cookie, setCookie } = await begin({ purpose: "login", returnTo: "/wallet" });

  expect(Object.fromEntries(query)).toMatchObject({
    response_type: "code",
    redirect_uri: "http://localhost:3000/api/v1/auth/callback",
    code_challenge_method: "S256",
    scope: "publicData",
  });
  expect(query.get("state")?.length).toBeGreaterThanOrEqual(43);
  expect(query.toString()).not.toContain(cookie);
  expect(setCookie).toMatch(/^tapi-login-[\w-]{12}=.+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/);
});

test("a login for a corporation asks for the given scopes and its own", async () => {
  const user = await logIn();

  const { query } = await user.as(() =>
    begin({ purpose: "corporation", returnTo: "/", scopes: ["esi-assets.read_corporation_assets.v1"] }),
  );

  expect(query.get("scope")?.split(" ")).toEqual([
    "publicData",
    "esi-characters.read_corporation_roles.v1",
    "esi-assets.read_corporation_assets.v1",
  ]);
});

test("the code is redeemed with the verifier of the challenge", async () => {
  const { query, state, cookie } = await begin();

  await Login.complete({ code: "code-7", state, cookie });

  const verifier = sso.asked[0]?.get("code_verifier") ?? "";
  expect(sso.asked[0]?.get("code")).toBe("code-7");
  expect(createHash("sha256").update(verifier).digest("base64url")).toBe(query.get("code_challenge"));
});

test("a first login creates a user whose main is that character", async () => {
  const { as, characterId, userId } = await logIn();

  const info = await as(() => Session.info());

  expect(info).toEqual({ userId, main: { characterId, name: "Ann Example" }, admin: false });
});

test("logging in again, with any of one's characters, leads to the same user", async () => {
  const first = await logIn();
  const alt = newPilot("Alt Example");
  await linkAs(first, alt);

  const again = await logIn(alt);

  expect(again.userId).toBe(first.userId);
  expect((await again.as(() => Session.info()))?.main.characterId).toBe(first.characterId);
});

test("any of their characters makes a user an administrator", async () => {
  const { as, characterId } = await logIn();
  process.env.ADMIN_CHARACTER_IDS = `1, ${characterId}`;
  Config.reset();

  const info = await as(() => Session.info());
  delete process.env.ADMIN_CHARACTER_IDS;
  Config.reset();

  expect(info?.admin).toBe(true);
});

test("a state works once: a replay is refused", async () => {
  const { state, cookie } = await begin();
  await Login.complete({ code: "code-1", state, cookie });

  const replay = Login.complete({ code: "code-1", state, cookie });

  await expect(replay).rejects.toMatchObject({ kind: "unauthorized", code: "session.login_expired" });
  expect(sso.asked).toHaveLength(1);
});

test("a state that is used several times at the same moment works once", async () => {
  const { state, cookie } = await begin();

  const results = await Promise.allSettled(
    Array.from({ length: 5 }, () => Login.complete({ code: "code-1", state, cookie })),
  );

  expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
});

test.each([["with a login cookie of its own"], ["without a login cookie"]])(
  "a login begun in another browser is refused %s, and still works in its own",
  async (kind) => {
    const { state, cookie } = await begin();
    const other = kind.startsWith("without") ? undefined : (await begin()).cookie;

    const attempt = Login.complete({ code: "code-1", state, ...(other ? { cookie: other } : {}) });

    await expect(attempt).rejects.toMatchObject({ code: "session.login_other_browser" });
    await expect(Login.complete({ code: "code-1", state, cookie })).resolves.toMatchObject({ purpose: "login" });
  },
);

test("a login that takes longer than ten minutes is refused", async () => {
  const { state, cookie } = await begin();
  later(601_000);

  const attempt = Login.complete({ code: "code-1", state, cookie });

  await expect(attempt).rejects.toMatchObject({ code: "session.login_expired" });
});

test("an unknown state is refused", async () => {
  const attempt = Login.complete({ code: "code-1", state: Credential.create(), cookie: Credential.create() });

  await expect(attempt).rejects.toMatchObject({ code: "session.login_expired" });
});

test.each([{ error: "access_denied" }, { error: "access_denied", code: "code-1" }, {}])(
  "a login declined at the SSO (%j) tells where to go back to, and redeems no code",
  async (answer) => {
    const { state, cookie } = await begin({ purpose: "login", returnTo: "/wallet?days=7" });

    const attempt = Login.complete({ state, cookie, ...answer });

    await expect(attempt).rejects.toMatchObject({
      code: "session.login_declined",
      details: { returnTo: "/wallet?days=7" },
    });
    expect(sso.asked).toEqual([]);
  },
);

test.each([
  [{ status: 400, body: { error: "invalid_grant" } }, "session.code_refused"],
  [{ status: 503, body: {} }, "session.sso_unavailable"],
])("the SSO's answer %j is %s", async (answer, code) => {
  const { state, cookie } = await begin();
  sso.answer = () => answer;

  const attempt = Login.complete({ code: "code-1", state, cookie });

  await expect(attempt).rejects.toMatchObject({ code });
});

test("a login that renews a character's token changes nothing if another character was chosen at EVE", async () => {
  const user = await logIn();
  const { characterId } = sso.pilot;
  const { state, cookie } = await user.as(() => begin({ purpose: "character", characterId }));
  sso.pilot = newPilot("Bob Example");

  const attempt = user.as(() => Login.complete({ code: "code-1", state, cookie }));

  await expect(attempt).rejects.toMatchObject({ code: "session.other_character" });
  const [status] = await Actor.provide({ type: "system", name: "test" }, () =>
    Token.statuses({ characterIds: [sso.pilot.characterId] }),
  );
  expect(status?.status).toBe("none");
});

test("a forged token does not log in", async () => {
  const { state, cookie } = await begin();
  sso.answer = async () => ({
    status: 200,
    body: { access_token: await sso.sign({ aud: ["another", "EVE Online"] }), refresh_token: "r", expires_in: 1199 },
  });

  const attempt = Login.complete({ code: "code-1", state, cookie });

  await expect(attempt).rejects.toMatchObject({ code: "session.token_rejected" });
});

test.each([
  ["/corporations/1?tab=x#top", "/corporations/1?tab=x"],
  ["https://evil.example/", "/"],
  ["//evil.example/", "/"],
  ["/\\evil.example/", "/"],
  ["/.//evil.example", "/"],
  ["/\t/evil.example", "/"],
  ["javascript:alert(1)", "/"],
])("a login returns to our own pages only: %j becomes %j", async (returnTo, expected) => {
  const { state, cookie } = await begin({ purpose: "login", returnTo });

  const done = await Login.complete({ code: "code-1", state, cookie });

  expect(done.returnTo).toBe(expected);
});

test("linking a character needs a user who is logged in", async () => {
  await expect(Login.begin({ purpose: "character" })).rejects.toMatchObject({ code: "session.required" });
});

test("a character is not linked if another user has logged in meanwhile", async () => {
  const ann = await logIn();
  const bob = await logIn(newPilot("Bob Example"));
  sso.pilot = newPilot("Alt Example");
  const { state, cookie } = await ann.as(() => begin({ purpose: "character" }));

  const attempt = bob.as(() => Login.complete({ code: "code-1", state, cookie }));

  await expect(attempt).rejects.toMatchObject({ code: "session.user_changed" });
  expect(await bob.as(() => Character.list())).toHaveLength(1);
});

test("linking does not open a new session", async () => {
  const ann = await logIn();

  const { setCookies, characterId } = await linkAs(ann, newPilot("Alt Example"));

  expect(setCookies).toEqual([]);
  expect(await ann.as(() => Character.get({ characterId }))).toMatchObject({ name: "Alt Example", isMain: false });
});

test("another user's character is not linked: nothing changes, and the error says what to do", async () => {
  const ann = await logIn();
  const annsPilot = sso.pilot;
  const bob = await logIn(newPilot("Bob Example"));

  const attempt = linkAs(bob, annsPilot);

  await expect(attempt).rejects.toMatchObject({
    code: "character.linked_elsewhere",
    message: expect.stringContaining("log in with Ann Example"),
    details: { returnTo: "/characters" },
  });
  expect(await ann.as(() => Character.list())).toHaveLength(1);
  expect(await bob.as(() => Character.list())).toHaveLength(1);
});

test("a sold character leaves its user at the buyer's login, which creates a new user", async () => {
  const seller = await logIn();
  const sold = newPilot("Sold Example");
  await linkAs(seller, sold);

  const buyer = await logIn({ ...sold, owner: "owner-buyer" });

  expect(buyer.userId).not.toBe(seller.userId);
  expect(await seller.as(() => Character.list())).toHaveLength(1);
  expect(await buyer.as(() => Character.list())).toMatchObject([
    { name: "Sold Example", isMain: true, token: { status: "valid" } },
  ]);
});

test("a sold character can be linked to the buyer's user; the seller's last one ends the seller's sessions", async () => {
  const seller = await logIn();
  const sold = sso.pilot;
  const buyer = await logIn(newPilot("Buyer Example"));

  await linkAs(buyer, { ...sold, owner: "owner-buyer" });

  expect(await buyer.as(() => Character.list())).toHaveLength(2);
  expect(await Session.resolve(seller.sessionCookie)).toBeUndefined();
});

test("a character that its user moves to another EVE account stays with the user", async () => {
  const ann = await logIn();
  const moved = { ...sso.pilot, owner: "owner-second-account" };

  await linkAs(ann, moved);

  expect(await ann.as(() => Character.list())).toHaveLength(1);
  expect((await logIn(moved)).userId).toBe(ann.userId);
});

test("logging out ends this session and no other", async () => {
  const here = await logIn();
  const there = await logIn();

  const { setCookie } = await here.as(() => Login.logOut());

  expect(setCookie).toMatch(/^tapi=; .*Max-Age=0/);
  expect(await Session.resolve(here.sessionCookie)).toBeUndefined();
  expect(await Session.resolve(there.sessionCookie)).toMatchObject({ userId: here.userId });
});

test("logging out everywhere ends all sessions of the user, and no other user's", async () => {
  const here = await logIn();
  const there = await logIn();
  const stranger = await logIn(newPilot("Bob Example"));

  await here.as(() => Login.logOutEverywhere());

  expect(await Session.resolve(here.sessionCookie)).toBeUndefined();
  expect(await Session.resolve(there.sessionCookie)).toBeUndefined();
  expect(await Session.resolve(stranger.sessionCookie)).toBeTruthy();
});

test("over https the cookies are __Host- and Secure", async () => {
  process.env.PUBLIC_URL = "https://tapi.example";
  Config.reset();

  const name = Session.sessionCookie();
  const { setCookie } = await begin();
  process.env.PUBLIC_URL = "http://localhost:3000";
  Config.reset();

  expect(name).toBe("__Host-tapi");
  expect(setCookie).toMatch(/^__Host-tapi-login-[\w-]{12}=.+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600; Secure$/);
});

test("a login with few scopes does not replace a director's token", async () => {
  const ann = await logIn();
  const pilot = sso.pilot;
  await linkAs(ann, { ...pilot, scp: ["publicData", "esi-characters.read_corporation_roles.v1"] });

  const again = await logIn({ ...pilot, scp: "publicData" });

  const [status] = await again.as(() =>
    Actor.provide({ type: "system", name: "test" }, () => Token.statuses({ characterIds: [pilot.characterId] })),
  );
  expect(status?.scopes).toContain("esi-characters.read_corporation_roles.v1");
});
