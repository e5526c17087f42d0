import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type NewEden, startNewEden } from "../index.ts";
import { basic, callback, chooses, control, proofKey, token } from "../test/client.ts";
import { clientId } from "./clients.ts";

let eden: NewEden;
let ceo: number;

beforeAll(async () => {
  eden = await startNewEden({ corporations: [{ members: 12, assets: 50 }] });
  ceo = eden.world.corporations[0]?.ceo.characterId as number;
});
afterAll(() => eden.close());

const login = async (extra: Record<string, string> = {}) => {
  const code = await chooses(eden.url, ceo, extra);
  return token(eden.url, { grant_type: "authorization_code", code });
};

test("a code buys tokens that the published keys verify, with CCP's claims", async () => {
  const { status, body } = await login({ scope: "esi-wallet.read_corporation_wallets.v1 publicData" });

  const keys = createRemoteJWKSet(new URL(`${eden.url}/oauth/jwks`));
  const { payload } = await jwtVerify(body.access_token, keys, { issuer: eden.url, audience: clientId });
  expect(status).toBe(200);
  expect(body).toMatchObject({ expires_in: 1199, token_type: "Bearer" });
  expect(payload).toMatchObject({
    sub: `CHARACTER:EVE:${ceo}`,
    aud: [clientId, "EVE Online"],
    azp: clientId,
    scp: ["esi-wallet.read_corporation_wallets.v1", "publicData"],
    name: eden.world.corporations[0]?.ceo.name,
    owner: expect.any(String),
  });
});

test("a single scope is a bare string", async () => {
  const { body } = await login({ scope: "publicData" });

  expect(decodeJwt(body.access_token).scp).toBe("publicData");
});

test("tokens are signed with either algorithm, told apart by the key id", async () => {
  const [one, other] = [await login(), await login()];

  const headers = [one, other].map(({ body }) => decodeProtectedHeader(body.access_token));
  expect(new Set(headers.map(({ alg }) => alg))).toEqual(new Set(["RS256", "ES256"]));
  expect(new Set(headers.map(({ kid }) => kid)).size).toBe(2);
});

test("the metadata and the page name the same origin and offer the pilots", async () => {
  const metadata = await (await fetch(`${eden.url}/.well-known/oauth-authorization-server`)).json();

  const query = new URLSearchParams({
    response_type: "code",
    client_id: clientId,
    redirect_uri: callback,
    scope: "publicData",
    state: "s",
  });
  const page = await (await fetch(`${metadata.authorization_endpoint}?${query}`)).text();

  expect(metadata).toMatchObject({ issuer: eden.url, token_endpoint: `${eden.url}/v2/oauth/token` });
  for (const { characterId } of eden.world.pilots) expect(page).toContain(`data-character-id="${characterId}"`);
});

test.each([
  ["an unknown client", { client_id: "nobody" }],
  ["a callback outside this machine", { redirect_uri: "https://example.com/callback" }],
  ["a scope that does not exist", { scope: "esi-wallet.steal.v1" }],
  ["a plain challenge", { code_challenge: "x", code_challenge_method: "plain" }],
])("the login page refuses %s", async (_, wrong) => {
  const attempt = chooses(eden.url, ceo, wrong);

  await expect(attempt).rejects.toThrow("400");
});

test("a code with a challenge wants its verifier", async () => {
  const { verifier, challenge } = proofKey();
  const proof = { code_challenge: challenge, code_challenge_method: "S256" };
  const [code, other] = [await chooses(eden.url, ceo, proof), await chooses(eden.url, ceo, proof)];

  const right = await token(eden.url, { grant_type: "authorization_code", code, code_verifier: verifier });
  const wrong = await token(eden.url, {
    grant_type: "authorization_code",
    code: other,
    code_verifier: proofKey().verifier,
  });

  expect(right.status).toBe(200);
  expect(wrong).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
});

test("a code works once, for five minutes, for its own callback", async () => {
  const [used, old, moved] = await Promise.all([
    chooses(eden.url, ceo),
    chooses(eden.url, ceo),
    chooses(eden.url, ceo),
  ]);
  await token(eden.url, { grant_type: "authorization_code", code: used });

  const again = await token(eden.url, { grant_type: "authorization_code", code: used });
  const elsewhere = await token(eden.url, {
    grant_type: "authorization_code",
    code: moved,
    redirect_uri: "http://localhost:9/other",
  });
  eden.clock.advance(5 * 60_000 + 1000);
  const late = await token(eden.url, { grant_type: "authorization_code", code: old });

  for (const answer of [again, elsewhere, late]) {
    expect(answer).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  }
});

test("each refresh brings a new refresh token, and the old one dies after a short grace", async () => {
  const { body: first } = await login();

  const second = await token(eden.url, { grant_type: "refresh_token", refresh_token: first.refresh_token });
  const inGrace = await token(eden.url, { grant_type: "refresh_token", refresh_token: first.refresh_token });
  eden.clock.advance(3 * 60_000);
  const late = await token(eden.url, { grant_type: "refresh_token", refresh_token: first.refresh_token });
  const third = await token(eden.url, { grant_type: "refresh_token", refresh_token: second.body.refresh_token });

  expect(second.body.refresh_token).not.toBe(first.refresh_token);
  expect([second.status, inGrace.status, third.status]).toEqual([200, 200, 200]);
  expect(late).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
});

test("a revoked refresh token is dead, whoever revoked it", async () => {
  const [own, forced] = [await login(), await login()];
  await fetch(`${eden.url}/v2/oauth/revoke`, {
    method: "POST",
    headers: { authorization: basic },
    body: new URLSearchParams({ token: own.body.refresh_token, token_type_hint: "refresh_token" }),
  });

  const afterOwn = await token(eden.url, { grant_type: "refresh_token", refresh_token: own.body.refresh_token });
  const other = await token(eden.url, { grant_type: "refresh_token", refresh_token: forced.body.refresh_token });
  await control(eden.url, "POST", "/tokens/revoke", { characterId: ceo });
  const afterForce = await token(eden.url, { grant_type: "refresh_token", refresh_token: other.body.refresh_token });

  expect(other.status).toBe(200);
  for (const answer of [afterOwn, afterForce]) {
    expect(answer).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  }
});

test("the token endpoint wants the client's secret and a form", async () => {
  const { body } = await login();
  const form = { grant_type: "refresh_token", refresh_token: body.refresh_token };

  const stranger = await token(eden.url, form, `Basic ${btoa(`${clientId}:wrong`)}`);
  const json = await fetch(`${eden.url}/v2/oauth/token`, {
    method: "POST",
    headers: { authorization: basic, "content-type": "application/json" },
    body: JSON.stringify(form),
  });

  expect(stranger).toMatchObject({ status: 401, body: { error: "invalid_client" } });
  expect(json.status).toBe(400);
});

test("a sold character has another owner hash at the next refresh", async () => {
  const { body: before } = await login();

  await control(eden.url, "POST", "/owner", { characterId: ceo });
  const { body: after } = await token(eden.url, { grant_type: "refresh_token", refresh_token: before.refresh_token });

  expect(decodeJwt(after.access_token).owner).not.toBe(decodeJwt(before.access_token).owner);
});

test("the control API tells every secret that a login and a refresh brought about", async () => {
  const { verifier, challenge } = proofKey();
  const code = await chooses(eden.url, ceo, {
    state: "state-of-this-login",
    code_challenge: challenge,
    code_challenge_method: "S256",
  });
  const first = await token(eden.url, { grant_type: "authorization_code", code, code_verifier: verifier });
  const second = await token(eden.url, { grant_type: "refresh_token", refresh_token: first.body.refresh_token });

  const told = await (await fetch(`${eden.url}/_control/confidences`)).json();

  expect(told).toEqual({
    codes: expect.arrayContaining([code]),
    states: expect.arrayContaining(["state-of-this-login"]),
    codeVerifiers: expect.arrayContaining([verifier]),
    accessTokens: expect.arrayContaining([first.body.access_token, second.body.access_token]),
    refreshTokens: expect.arrayContaining([first.body.refresh_token, second.body.refresh_token]),
  });
});
