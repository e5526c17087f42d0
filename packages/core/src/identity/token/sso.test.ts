import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import * as Config from "../../platform/config/index.ts";
import { type ScriptedAnswer, type ScriptedSso, startScriptedSso } from "./sso.fixture.ts";
import * as Sso from "./sso.ts";

let sso: ScriptedSso;
let stranger: ScriptedSso;

beforeAll(async () => {
  const pilot = { characterId: 1, name: "Ann Example", owner: "owner-1" };
  [sso, stranger] = await Promise.all([startScriptedSso(pilot), startScriptedSso(pilot)]);
  process.env.SSO_BASE_URL = sso.url;
  Config.reset();
});
afterAll(() => Promise.all([sso.close(), stranger.close()]));

beforeEach(() => {
  for (const each of [sso, stranger]) {
    Object.assign(each, { answer: undefined, revocation: undefined });
    each.asked.length = 0;
    each.revoked.length = 0;
  }
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  Config.reset();
});

const granted = { access_token: "a", refresh_token: "r", expires_in: 1199, token_type: "Bearer" };
const html = { "content-type": "text/html" };
const page = "<html><body>invalid_grant</body></html>";
const refusal = JSON.stringify({ error: "invalid_grant" });
const unavailable = { name: "SsoUnavailableError" };

const meaningless: [string, ScriptedAnswer][] = [
  ["nothing", { status: 200 }],
  ["a page", { status: 200, text: page, headers: html }],
  ["an error", { status: 200, body: { error: "invalid_grant" } }],
  ["null", { status: 200, body: null }],
  ["a list of grants", { status: 200, body: [granted] }],
  ["half of a grant", { status: 200, text: JSON.stringify(granted).slice(0, -10) }],
  ["a grant without an access token", { status: 200, body: { ...granted, access_token: undefined } }],
  ["a grant with an empty access token", { status: 200, body: { ...granted, access_token: "" } }],
  ["a grant with an empty refresh token", { status: 200, body: { ...granted, refresh_token: "" } }],
  ["a grant of another type", { status: 200, body: { ...granted, token_type: "mac" } }],
  ["a grant in pieces", { status: 206, body: granted }],
  ["a grant with an error's status", { status: 500, body: granted }],
  ["a refusal in a page", { status: 400, text: page, headers: html }],
  ["half of a refusal", { status: 400, text: refusal.slice(0, -1) }],
  ["a refusal in a list", { status: 400, body: [{ error: "invalid_grant" }] }],
  ["a refusal one level down", { status: 400, body: { error: { error: "invalid_grant" } } }],
  ["another refusal", { status: 400, body: { error: "invalid_client" } }],
  ["a refusal spelled otherwise", { status: 400, body: { error: "INVALID_GRANT" } }],
  ["an empty refusal", { status: 400 }],
  ["a refusal with status 401", { status: 401, text: refusal }],
  ["a refusal with status 403", { status: 403, text: refusal }],
  ["a refusal with status 429", { status: 429, text: refusal }],
  ["a refusal with status 500", { status: 500, text: refusal }],
  ["a refusal with status 503", { status: 503, text: refusal }],
];

test.each(meaningless)("%s says nothing about the grant: it may be asked for again", async (_, answer) => {
  sso.answer = () => answer;

  await expect(Sso.refresh("secret")).rejects.toMatchObject(unavailable);
});

test("a contact in another script does not stop token requests", async () => {
  vi.stubEnv("CONTACT", "Командир ☆");
  Config.reset();
  sso.answer = () => ({ status: 400, body: { error: "invalid_grant" } });

  await expect(Sso.refresh("secret")).rejects.toMatchObject({ code: "invalid_grant" });
});

test.each(["invalid_grant", "invalid_token"])(
  "%s is final, compressed or not, with whatever it explains",
  async (error) => {
    const body = { error, error_description: "The refresh token is unknown." };
    sso.answer = () => ({ status: 400, body });
    const plain = await Sso.refresh("secret").catch((thrown: unknown) => thrown);
    sso.answer = () => ({
      status: 400,
      text: gzipSync(JSON.stringify(body)),
      headers: { "content-encoding": "gzip" },
    });
    const packed = await Sso.refresh("secret").catch((thrown: unknown) => thrown);

    expect([plain, packed]).toMatchObject([{ code: error }, { code: error }]);
  },
);

const leadElsewhere = [301, 302, 303, 307, 308].flatMap((status) => [
  [status, "another host"] as const,
  [status, "another path"] as const,
]);

test.each(leadElsewhere)(
  "a redirect with %s to %s is not followed: token and secret stay here",
  async (status, where) => {
    const location = where === "another host" ? `${stranger.url}/v2/oauth/token` : "/v2/oauth/token?again";
    const redirect = { status, headers: { location } };
    sso.answer = () => redirect;
    sso.revocation = redirect;

    await expect(Sso.refresh("secret")).rejects.toMatchObject(unavailable);
    await expect(Sso.revoke("secret")).rejects.toMatchObject(unavailable);

    expect([stranger.asked, stranger.revoked]).toEqual([[], []]);
    expect([sso.asked.length, sso.revoked.length]).toEqual([1, 1]);
  },
);

test("an endless answer is cut off", async () => {
  sso.answer = () => "endless";
  sso.revocation = "endless";

  await expect(Sso.refresh("secret")).rejects.toMatchObject(unavailable);
  await expect(Sso.revoke("secret")).rejects.toMatchObject(unavailable);
});

test("an answer that unpacks to millions of bytes is cut off", async () => {
  const text = gzipSync(JSON.stringify({ ...granted, padding: " ".repeat(5_000_000) }));
  sso.answer = () => ({ status: 200, text, headers: { "content-encoding": "gzip" } });

  await expect(Sso.refresh("secret")).rejects.toMatchObject(unavailable);
});

test("a request to a silent SSO ends while the refresh lock still holds", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const asked = new Promise<void>((resolve) => {
    sso.answer = () => {
      resolve();
      return "silence";
    };
  });

  const refused = expect(Sso.refresh("secret")).rejects.toMatchObject(unavailable);
  await asked;
  await vi.advanceTimersByTimeAsync(10_000);

  await refused;
});

const lifetimes: [unknown, number][] = [
  [1199, 1199],
  ["1199", 1199],
  [30, 30],
  [31_536_000, 3600],
  [1e308, 3600],
  [0, 600],
  [-1199, 600],
  ["soon", 600],
  ["", 600],
  [null, 600],
  [undefined, 600],
  [{ seconds: 5 }, 600],
];

test.each(lifetimes)("expires_in %j: the grant counts, for %i seconds", async (told, seconds) => {
  sso.answer = () => ({ status: 200, body: { ...granted, expires_in: told } });
  vi.useFakeTimers({ toFake: ["Date"] });

  const { accessExpiresAt, ...tokens } = await Sso.refresh("secret");

  expect(tokens).toEqual({ accessToken: "a", refreshToken: "r" });
  expect(accessExpiresAt).toBe(Date.now() + seconds * 1000);
});

test.each([null, undefined])("a grant with refresh token %s leaves the old one in place", async (refresh_token) => {
  sso.answer = () => ({ status: 200, body: { ...granted, refresh_token } });

  expect(await Sso.refresh("secret")).toMatchObject({ accessToken: "a", refreshToken: undefined });
});

const notRevoked: [string, ScriptedAnswer][] = [
  ...[401, 403, 404, 429, 500, 501, 502, 503, 599].map((status): [string, ScriptedAnswer] => [
    `status ${status}`,
    { status, body: {} },
  ]),
  ["a page", { status: 200, text: "<html></html>", headers: html }],
  ["an error with status 200", { status: 200, body: { error: "server_error" } }],
  ["a list", { status: 200, body: [] }],
  ["a status of 400 without a word", { status: 400 }],
  ["a request that is not understood", { status: 400, body: { error: "invalid_request" } }],
];

test.each(notRevoked)("%s is no revocation", async (_, answer) => {
  sso.revocation = answer;

  await expect(Sso.revoke("secret")).rejects.toMatchObject(unavailable);
});

const revoked: [string, ScriptedAnswer][] = [
  ["an empty answer", { status: 200 }],
  ["an empty object", { status: 200, body: {} }],
  ["an answer without a body", { status: 204 }],
  ["the word that it is dead already", { status: 400, body: { error: "invalid_token" } }],
];

test.each(revoked)("%s is a revocation", async (_, answer) => {
  sso.revocation = answer;

  await Sso.revoke("secret");

  expect(sso.revoked).toEqual(["secret"]);
});
