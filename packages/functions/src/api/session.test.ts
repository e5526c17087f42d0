import * as Config from "@tapi/core/platform/config";
import { applicationScopes } from "@tapi/core/product/login";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startWorld, type World } from "../../../core/test/world.ts";
import { Browser } from "../../test/browser.ts";

let world: World;
/** Pilots of the first corporation whom no other test logs in as. */
let pilots: number[];
let ceo: number;
let corporationId: number;
let ordinary: number;

beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 50, assets: 50, journalPerDay: 5 }] });
  const [corporation] = (await world.truth()).corporations;
  if (!corporation) throw new Error("the world has no corporation");
  ({ corporationId } = corporation);
  ceo = corporation.ceo.characterId;
  ordinary = corporation.member.characterId;
  const members = (await world.rows(corporationId, "members")) as unknown as number[];
  pilots = members.filter((id) => id !== ceo && id !== ordinary);
});
afterAll(() => world?.close());
afterEach(() => {
  delete process.env.ORIGIN_SECRET;
  Config.reset();
});

const someone = (): number => pilots.shift() as number;

test("nobody is logged in at first; after the login the session says who, and after the logout nobody again", async () => {
  const browser = new Browser();
  const characterId = someone();

  const before = await browser.get("/session");
  await browser.logIn(characterId);
  const during = await browser.get("/session");
  const logout = await browser.post("/auth/logout");
  expect(logout.headers.get("clear-site-data")).toBe('"cache", "storage"');
  const after = await browser.get("/session");

  expect(before.body).toEqual({ data: { user: null } });
  expect(during.body.data.user).toMatchObject({ admin: false, main: { characterId, corporationId } });
  expect(logout.status).toBe(204);
  expect(after.body).toEqual({ data: { user: null } });
});

test("a login comes back to the page that it began on, never to another site", async () => {
  const characterId = someone();

  const own = await new Browser().logIn(characterId, "?returnTo=/corporations/1?tab=wallet");
  const foreign = await new Browser().logIn(characterId, "?returnTo=//evil.example/");

  expect([own, foreign]).toEqual(["/corporations/1?tab=wallet", "/"]);
});

test("the scopes that an application is registered with are those that logins ask for, of every purpose", async () => {
  const browser = new Browser();
  await browser.logIn(ordinary);
  const asked = new Set<string>();

  for (const query of ["", "?purpose=corporation", `?purpose=character&share=true&characterId=${ordinary}`]) {
    const { headers } = await browser.get(`/auth/login${query}`);
    const { searchParams } = new URL(headers.get("location") ?? "");
    for (const scope of searchParams.get("scope")?.split(" ") ?? []) asked.add(scope);
  }

  expect([...asked].sort()).toEqual(applicationScopes().sort());
});

test("the session cookie is out of scripts' and other sites' reach", async () => {
  const browser = new Browser();
  const back = await browser.get(await browser.choose(someone()));

  const cookie = back.headers.getSetCookie().find((each) => each.startsWith("tapi="));

  expect(cookie).toMatch(/Path=\/; HttpOnly; SameSite=Lax; Max-Age=2592000$/);
});

const loginCookies = (browser: Browser) => [...browser.cookies.keys()].filter((name) => name.startsWith("tapi-login"));

test.each([
  ["in the order they were begun", [0, 1, 2]],
  ["in another order", [2, 0, 1]],
])("logins in several tabs all finish, %s, and leave no login cookie behind", async (_, order) => {
  const browser = new Browser();
  const tabs = [];
  for (const page of ["/a", "/b", "/c"]) tabs.push(await browser.choose(someone(), `?returnTo=${page}`));

  const ends = new Map<number, string | null>();
  for (const tab of order) ends.set(tab, (await browser.get(tabs[tab] as string)).headers.get("location"));

  expect([0, 1, 2].map((tab) => ends.get(tab))).toEqual(["/a", "/b", "/c"]);
  expect((await browser.get("/session")).body.data.user).not.toBeNull();
  expect(loginCookies(browser)).toEqual([]);
});

test("two tabs that begin and come back at the same moment both finish", async () => {
  const browser = new Browser();
  const tabs = await Promise.all([
    browser.choose(someone(), "?returnTo=/a"),
    browser.choose(someone(), "?returnTo=/b"),
  ]);

  const backs = await Promise.all(tabs.map((tab) => browser.get(tab)));

  expect(backs.map(({ headers }) => headers.get("location"))).toEqual(["/a", "/b"]);
});

test("a browser holds five logins under way at most: the oldest gives way, the newer ones finish", async () => {
  const browser = new Browser();
  const tabs = [];
  for (let tab = 0; tab < 7; tab += 1) tabs.push(await browser.choose(someone(), "?returnTo=/tab"));
  const held = loginCookies(browser).length;

  const [first, third] = [await browser.get(tabs[0] as string), await browser.get(tabs[2] as string)];

  expect(held).toBe(5);
  expect(first.headers.get("location")).toBe("/?error=session.login_other_browser");
  expect(third.headers.get("location")).toBe("/tab");
});

test("a login that failed leaves no login cookie behind either", async () => {
  const browser = new Browser();
  const { searchParams } = new URL(await browser.choose(someone()), "http://localhost");

  await browser.get(`/auth/callback?state=${searchParams.get("state")}&error=access_denied`);

  expect(loginCookies(browser)).toEqual([]);
});

const led = "http://localhost:3000/api/v1/auth/login";

test.each(["127.0.0.1:3000", "[::1]:3000", "evil.example"])(
  "a login begun at %s is led to the app's own address first, with all that it was begun with",
  async (host) => {
    const browser = new Browser();
    const query = "?purpose=character&returnTo=%2Fcharacters%3Ftab%3Done&characterId=2112000001";

    const begun = await browser.get(`/auth/login${query}`, { headers: { host } });

    expect(begun.status).toBe(302);
    expect(begun.headers.get("location")).toBe(`${led}${query}&moved=true`);
    expect(browser.cookies.size).toBe(0);
  },
);

test.each([
  ["at the app's own address", { host: "localhost:3000" }, ""],
  ["at another port of it, which shares its cookies", { host: "localhost:5173" }, ""],
  ["behind a proxy that names itself as the host, for the second time", { host: "127.0.0.1:3000" }, "?moved=true"],
])("a login begun %s goes to EVE", async (_, headers, query) => {
  const begun = await new Browser().get(`/auth/login${query}`, { headers });

  expect(begun.headers.get("location")).toContain("/v2/oauth/authorize");
});

test("behind CloudFront the host counts that it was asked at, and not the API's own", async () => {
  process.env.ORIGIN_SECRET = "a secret of twenty characters";
  Config.reset();
  const at = (viewerHost: string) => ({
    headers: {
      "x-origin-secret": "a secret of twenty characters",
      "x-viewer-host": viewerHost,
      host: "abc123.execute-api.us-east-1.amazonaws.com",
    },
  });

  const own = await new Browser().get("/auth/login", at("localhost"));
  const other = await new Browser().get("/auth/login", at("d111111abcdef8.cloudfront.net"));

  expect(own.headers.get("location")).toContain("/v2/oauth/authorize");
  expect(other.headers.get("location")).toBe(`${led}?purpose=login&returnTo=%2F&moved=true`);
});

test("logging out everywhere ends the user's other sessions too", async () => {
  const characterId = someone();
  const [laptop, phone] = [new Browser(), new Browser()];
  await laptop.logIn(characterId);
  await phone.logIn(characterId);

  const left = await laptop.post("/auth/logout-everywhere");

  expect(left.headers.get("clear-site-data")).toBe('"cache", "storage"');
  expect((await phone.get("/session")).body.data.user).toBeNull();
});

test("a state works once: coming back again with the same address logs nobody in and says so on the page", async () => {
  const browser = new Browser();
  const callback = await browser.choose(someone(), "?returnTo=/members");
  await browser.get(callback);
  const thief = new Browser();

  const again = await thief.get(callback);

  expect(again.status).toBe(302);
  expect(again.headers.get("location")).toBe("/?error=session.login_expired");
  expect(thief.cookies.has("tapi")).toBe(false);
});

test("a login that the person declined goes back to its page with the reason", async () => {
  const browser = new Browser();
  const callback = new URL(await browser.choose(someone(), "?returnTo=/characters"), "http://localhost");
  callback.searchParams.delete("code");
  callback.searchParams.set("error", "access_denied");

  const back = await browser.get(callback.pathname + callback.search);

  expect(back.headers.get("location")).toBe("/characters?error=session.login_declined");
});

test("linking takes a user: who is not logged in goes to the front page with the reason", async () => {
  const begun = await new Browser().get("/auth/login?purpose=corporation");

  expect(begun.headers.get("location")).toBe("/?error=session.required");
});

test("a director's login adds the corporation and leads to it; an ordinary member's leads back with the reason", async () => {
  const [director, member] = [new Browser(), new Browser()];
  await director.logIn(ceo);
  await member.logIn(ordinary);

  const added = await director.logIn(ceo, "?purpose=corporation");
  const refused = await member.logIn(ordinary, "?purpose=corporation&returnTo=/corporations/add");

  expect(added).toBe(`/corporations/${corporationId}`);
  expect(refused).toBe("/corporations/add?error=corporation.not_a_director");
});

test("a malformed callback is a 400 that names what is missing", async () => {
  const answer = await new Browser().get("/auth/callback?code=abc");

  expect(answer).toMatchObject({
    status: 400,
    body: { error: { code: "request.invalid", details: [{ path: "state" }] } },
  });
});

test("a ticket takes a user, and is never kept by anyone on the way", async () => {
  const browser = new Browser();
  const anonymous = await browser.post("/socket/ticket");
  await browser.logIn(someone());

  const issued = await browser.post("/socket/ticket");

  expect(anonymous).toMatchObject({ status: 401, body: { error: { code: "session.required" } } });
  expect(issued.status).toBe(201);
  expect(issued.body.data).toEqual({
    ticket: expect.stringMatching(/^[\w-]{43}$/),
    url: expect.stringMatching(/^ws/),
    expiresAt: expect.stringMatching(/Z$/),
  });
  expect(issued.headers.get("cache-control")).toBe("no-store");
});
