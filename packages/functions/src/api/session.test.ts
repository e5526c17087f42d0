import { afterAll, beforeAll, expect, test } from "vitest";
import { startWorld, type World } from "../../../core/test/world.ts";
import { Browser } from "../../test/browser.ts";

let world: World;
/** Pilots of the first corporation whom no other test logs in as. */
let pilots: number[];
let ceo: number;
let corporationId: number;
let ordinary: number;

beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 30, assets: 50, journalPerDay: 5 }] });
  const [corporation] = (await world.truth()).corporations;
  if (!corporation) throw new Error("the world has no corporation");
  ({ corporationId } = corporation);
  ceo = corporation.ceo.characterId;
  ordinary = corporation.member.characterId;
  const members = (await world.rows(corporationId, "members")) as unknown as number[];
  pilots = members.filter((id) => id !== ceo && id !== ordinary);
});
afterAll(() => world?.close());

const someone = (): number => pilots.shift() as number;

test("nobody is logged in at first; after the login the session says who, and after the logout nobody again", async () => {
  const browser = new Browser();
  const characterId = someone();

  const before = await browser.get("/session");
  await browser.logIn(characterId);
  const during = await browser.get("/session");
  const logout = await browser.post("/auth/logout");
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

test("the session cookie is out of scripts' and other sites' reach", async () => {
  const browser = new Browser();
  const back = await browser.get(await browser.choose(someone()));

  const cookie = back.headers.getSetCookie().find((each) => each.startsWith("tapi="));

  expect(cookie).toMatch(/Path=\/; HttpOnly; SameSite=Lax; Max-Age=2592000$/);
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
