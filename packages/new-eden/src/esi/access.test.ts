import { SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type NewEden, startNewEden } from "../index.ts";
import { Client, compatibilityDate, control } from "../test/client.ts";

let eden: NewEden;
let corporationId: number;
let ids: { ceo: number; accountant: number; member: number; rival: number };

beforeAll(async () => {
  eden = await startNewEden({ corporations: [{ members: 20 }, { members: 5 }] });
  const [home, rival] = eden.world.corporations;
  corporationId = home?.corporationId as number;
  ids = {
    ceo: home?.ceo.characterId as number,
    accountant: home?.accountant?.characterId as number,
    member: home?.member.characterId as number,
    rival: rival?.ceo.characterId as number,
  };
});
afterAll(() => eden.close());

const path = (rest: string) => `/corporations/${corporationId}/${rest}`;

test("scope, membership and in-game role are each asked for", async () => {
  const [ceo, accountant, member, rival, narrow] = await Promise.all([
    Client.login(eden.url, ids.ceo),
    Client.login(eden.url, ids.accountant),
    Client.login(eden.url, ids.member),
    Client.login(eden.url, ids.rival),
    Client.login(eden.url, ids.ceo, ["publicData"]),
  ]);

  const statuses = await Promise.all([
    ceo.get(path("assets")),
    accountant.get(path("wallets")),
    accountant.get(path("assets")),
    member.get(path("members")),
    member.get(path("wallets")),
    rival.get(path("members")),
    narrow.get(path("members")),
    narrow.get(`/corporations/${corporationId}`),
  ]);

  expect(statuses.map(({ status }) => status)).toEqual([200, 200, 403, 200, 403, 403, 403, 200]);
});

test("no token, a forged one, an expired and a revoked one are 401", async () => {
  const call = (authorization?: string) =>
    fetch(`${eden.url}${path("members")}`, {
      headers: { "x-compatibility-date": compatibilityDate, ...(authorization ? { authorization } : {}) },
    });
  const forged = await new SignJWT({ sub: `CHARACTER:EVE:${ids.ceo}`, aud: "EVE Online" })
    .setProtectedHeader({ alg: "HS256", kid: "JWT-Signature-Key" })
    .setExpirationTime("1h")
    .sign(new TextEncoder().encode("a secret that is not the server's own"));
  const client = await Client.login(eden.url, ids.ceo);
  const mine = `Bearer ${client.tokens.access_token}`;

  const none = await call();
  const other = await call(`Bearer ${forged}`);
  const valid = await call(mine);
  await control(eden.url, "POST", "/tokens/revoke", { characterId: ids.ceo });
  const revoked = await call(mine);
  const fresh = await Client.login(eden.url, ids.ceo);
  const afresh = await call(`Bearer ${fresh.tokens.access_token}`);
  eden.clock.advance(21 * 60_000);
  const expired = await call(`Bearer ${fresh.tokens.access_token}`);

  const statuses = [none, other, valid, revoked, afresh, expired].map(({ status }) => status);
  expect(statuses).toEqual([401, 401, 200, 401, 200, 401]);
});

test("roles that are taken away or given count at once", async () => {
  const member = await Client.login(eden.url, ids.member);
  await control(eden.url, "POST", "/roles", { characterId: ids.member, roles: ["Accountant"] });
  const given = await member.get(path("wallets"));

  await control(eden.url, "POST", "/roles", { characterId: ids.member, roles: [] });
  const taken = await member.get(path("wallets"));

  expect([given.status, taken.status]).toEqual([200, 403]);
});

test("an id that is not a number, and a body that is not a list of them, are 400", async () => {
  const ceo = await Client.login(eden.url, ids.ceo);

  const answers = await Promise.all([
    ceo.get("/corporations/abc"),
    ceo.get(`${path("assets")}?page=0`),
    ceo.post("/universe/names", ["Jita"]),
    ceo.post("/universe/names", []),
    ceo.post("/universe/names", [34, 34]),
  ]);

  expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400]);
});

test("one unknown id refuses a whole list of names", async () => {
  const ceo = await Client.login(eden.url, ids.ceo);

  const answer = await ceo.post("/universe/names", [34, 999_999_999]);

  expect(answer.status).toBe(404);
});
