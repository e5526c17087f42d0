import { randomInt } from "node:crypto";
import { generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import * as Config from "../../platform/config/index.ts";
import { validate } from "./jwt.ts";
import { type ScriptedSso, startScriptedSso } from "./sso.fixture.ts";

let sso: ScriptedSso;
const pilot = { characterId: randomInt(90_000_000, 98_000_000), name: "Ann Example", owner: "owner-1" };

beforeAll(async () => {
  sso = await startScriptedSso(pilot);
  process.env.SSO_BASE_URL = sso.url;
  Config.reset();
});
afterAll(() => sso.close());

test.each(["RS256", "ES256"] as const)("a token signed with the SSO's %s key is believed", async (alg) => {
  const jwt = await sso.sign({ scp: ["a.v1", "b.v1"] }, { alg });

  const claims = await validate(jwt);

  expect(claims).toEqual({
    characterId: pilot.characterId,
    name: pilot.name,
    ownerHash: pilot.owner,
    scopes: ["a.v1", "b.v1"],
  });
});

test("a single scope may come as a string", async () => {
  const jwt = await sso.sign({ scp: "publicData" });

  await expect(validate(jwt)).resolves.toMatchObject({ scopes: ["publicData"] });
});

test("a token without scopes has none", async () => {
  const jwt = await sso.sign({ scp: undefined });

  await expect(validate(jwt)).resolves.toMatchObject({ scopes: [] });
});

test.each([
  ["its own address", (base: string) => base],
  ["its own address with a slash", (base: string) => `${base}/`],
  ["its own address without the scheme", (base: string) => new URL(base).host],
  ["its own address without the scheme, with a slash", (base: string) => `${new URL(base).host}/`],
  ["CCP's name", () => "login.eveonline.com"],
  ["CCP's address", () => "https://login.eveonline.com"],
  ["CCP's address with a slash", () => "https://login.eveonline.com/"],
])("an SSO other than CCP's can use the issuer %s", async (_, issuer) => {
  const jwt = await sso.sign({ iss: issuer(sso.url) });

  await expect(validate(jwt)).resolves.toMatchObject({ characterId: pilot.characterId });
});

test("CCP's own SSO is accepted under its own spellings alone", async () => {
  const passOn = fetch;
  vi.stubGlobal("fetch", () => passOn(`${sso.url}/oauth/jwks`));
  process.env.SSO_BASE_URL = "https://login.eveonline.com";
  Config.reset();

  const attempts = ["https://login.eveonline.com/", sso.url].map(async (iss) => validate(await sso.sign({ iss })));
  const [own, foreign] = await Promise.allSettled(attempts).finally(() => {
    vi.unstubAllGlobals();
    process.env.SSO_BASE_URL = sso.url;
    Config.reset();
  });

  expect(own).toMatchObject({ status: "fulfilled" });
  expect(foreign).toMatchObject({ status: "rejected", reason: { code: "issuer" } });
});

const past = Math.floor(Date.now() / 1000) - 3600;

test.each([
  ["expired", { exp: past }, "expired"],
  ["of another issuer", { iss: "https://login.evil.example" }, "issuer"],
  ["whose issuer only begins with CCP's", { iss: "https://login.eveonline.com.evil.example" }, "issuer"],
  ["of CCP's issuer over plain http", { iss: "http://login.eveonline.com" }, "issuer"],
  ["without an issuer", { iss: undefined }, "issuer"],
  ["for another application", { aud: ["another-client", "EVE Online"] }, "audience"],
  ["not for EVE Online", { aud: ["new-eden-client"] }, "audience"],
  ["without an audience", { aud: undefined }, "audience"],
  ["for something that is no character", { sub: "CORPORATION:EVE:1" }, "subject"],
  ["for a character that nobody can have", { sub: `CHARACTER:EVE:${"9".repeat(400)}` }, "subject"],
  ["for a character beyond 2^53", { sub: "CHARACTER:EVE:9007199254740993" }, "subject"],
  ["for a character with a leading zero", { sub: "CHARACTER:EVE:091" }, "subject"],
  ["given to another application, with ours in its audience", { azp: "another-client" }, "audience"],
  ["that does not say to whom it was given", { azp: undefined }, "claims"],
  ["that is not valid yet", { nbf: past + 7200 }, "claims"],
  ["without an owner", { owner: undefined }, "claims"],
  ["without an expiry", { exp: undefined }, "claims"],
])("a token %s is rejected", async (_, claims, code) => {
  const jwt = await sso.sign(claims);

  await expect(validate(jwt)).rejects.toMatchObject({ name: "TokenRejectedError", code });
});

test("a token forged with another key under the SSO's kid is rejected", async () => {
  const { privateKey } = await generateKeyPair("RS256");
  const [, body = ""] = (await sso.sign()).split(".");
  const claims = JSON.parse(Buffer.from(body, "base64url").toString());

  const forged = await new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: "key-RS256" }).sign(privateKey);

  await expect(validate(forged)).rejects.toMatchObject({ code: "signature" });
});

test("a token with changed claims is rejected", async () => {
  const [header, body = "", signature] = (await sso.sign()).split(".");
  const claims = JSON.parse(Buffer.from(body, "base64url").toString());
  const other = Buffer.from(JSON.stringify({ ...claims, sub: "CHARACTER:EVE:1" })).toString("base64url");

  await expect(validate(`${header}.${other}.${signature}`)).rejects.toMatchObject({ code: "signature" });
});

test("alg none is rejected", async () => {
  const header = Buffer.from(JSON.stringify({ alg: "none", kid: "key-RS256" })).toString("base64url");
  const [, body] = (await sso.sign()).split(".");

  await expect(validate(`${header}.${body}.`)).rejects.toMatchObject({ code: "algorithm" });
});

test("a token signed by HMAC with the public key as the secret is rejected", async () => {
  const { keys } = await (await fetch(`${sso.url}/oauth/jwks`)).json();
  const [, body = ""] = (await sso.sign()).split(".");
  const claims = JSON.parse(Buffer.from(body, "base64url").toString());

  const forged = await new SignJWT(claims)
    .setProtectedHeader({ alg: "HS256", kid: "key-RS256" })
    .sign(new TextEncoder().encode(JSON.stringify(keys[0])));

  await expect(validate(forged)).rejects.toMatchObject({ code: "algorithm" });
});

test("a key of one algorithm is not used for another", async () => {
  const jwt = await sso.sign({}, { alg: "ES256", kid: "key-RS256" });

  await expect(validate(jwt)).rejects.toMatchObject({ code: "key" });
});

test("unknown kids are rejected and make us fetch the SSO's keys a few times a minute at most", async () => {
  await validate(await sso.sign());
  const before = sso.keyFetches;
  const unknown = await Promise.all(Array.from({ length: 20 }, (_, n) => sso.sign({}, { kid: `kid-${n}` })));

  const results = await Promise.allSettled(unknown.map(validate));

  expect(results.map((result) => result.status === "rejected" && result.reason.code)).toEqual(Array(20).fill("key"));
  expect(sso.keyFetches - before).toBeLessThanOrEqual(1);
});

test("a key that the SSO has withdrawn is accepted for minutes only", async () => {
  const jwt = await sso.sign({ exp: Math.floor(Date.now() / 1000) + 3600 }, { alg: "ES256" });
  await validate(jwt);
  sso.withdrawn.add("key-ES256");
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 6 * 60_000 });

  const attempt = validate(jwt).finally(() => {
    vi.useRealTimers();
    sso.withdrawn.clear();
  });

  await expect(attempt).rejects.toMatchObject({ code: "key" });
});

test("a key that the SSO has just published is accepted at once, even if its keys were just fetched", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60 * 60_000 });
  sso.withdrawn.add("key-ES256");
  await validate(await sso.sign());
  sso.withdrawn.clear();
  vi.setSystemTime(Date.now() + 2000);

  const attempt = validate(await sso.sign({}, { alg: "ES256" })).finally(() => vi.useRealTimers());

  await expect(attempt).resolves.toMatchObject({ characterId: pilot.characterId });
});

test("a token that names no key is rejected", async () => {
  const { privateKey } = await generateKeyPair("RS256");

  const jwt = await new SignJWT({}).setProtectedHeader({ alg: "RS256" }).sign(privateKey);

  await expect(validate(jwt)).rejects.toMatchObject({ code: "key" });
});

test("text that is no token is rejected", async () => {
  await expect(validate("not.a.token")).rejects.toMatchObject({ name: "TokenRejectedError" });
});

test("an SSO whose keys cannot be fetched does not get the token rejected", async () => {
  const jwt = await sso.sign();
  process.env.SSO_BASE_URL = "http://127.0.0.1:1";
  Config.reset();

  const attempt = validate(jwt).finally(() => {
    process.env.SSO_BASE_URL = sso.url;
    Config.reset();
  });

  await expect(attempt).rejects.not.toHaveProperty("name", "TokenRejectedError");
});
