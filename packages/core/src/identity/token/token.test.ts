import { randomInt } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import * as Actor from "../../platform/actor/index.ts";
import * as Config from "../../platform/config/index.ts";
import * as Db from "../../platform/db/index.ts";
import * as Token from "./index.ts";
import { type ScriptedSso, startScriptedSso } from "./sso.fixture.ts";
import { TokenEntity } from "./token.entity.ts";

let sso: ScriptedSso;
let characterId: number;

beforeAll(async () => {
  sso = await startScriptedSso({ characterId: 1, name: "Ann Example", owner: "owner-1" });
  process.env.SSO_BASE_URL = sso.url;
  Config.reset();
});
afterAll(() => sso.close());

beforeEach(() => {
  characterId = randomInt(90_000_000, 2_000_000_000);
  sso.pilot = { characterId, name: "Ann Example", owner: "owner-1", scp: ["a.v1"] };
  sso.answer = undefined;
  sso.asked.length = 0;
  sso.revoked.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

const asSystem = <T>(body: () => T): T => Actor.provide({ type: "system", name: "test" }, body);

const store = (over: Partial<Parameters<typeof Token.store>[0]> = {}) =>
  asSystem(() =>
    Token.store({
      characterId,
      ownerHash: "owner-1",
      scopes: ["a.v1"],
      accessToken: "access-0",
      refreshToken: "refresh-0",
      accessExpiresAt: Date.now(),
      keepWider: false,
      ...over,
    }),
  );

const access = () => asSystem(() => Token.access({ characterId, purpose: "test" }));
const statusOf = async (id: number) => (await asSystem(() => Token.statuses({ characterIds: [id] })))[0];

const later = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });

test("an access token that is still valid is returned without asking the SSO", async () => {
  await store({ accessExpiresAt: Date.now() + 600_000 });

  const token = await access();

  expect(token).toMatchObject({ accessToken: "access-0", scopes: ["a.v1"] });
  expect(sso.asked).toHaveLength(0);
});

test("an access token is refreshed before it expires, and the rotated refresh token is the next one used", async () => {
  await store({ accessExpiresAt: Date.now() + 30_000 });

  const first = await access();
  later(1190_000);
  const second = await access();

  expect(second.accessToken).not.toBe(first.accessToken);
  expect(second.expiresAt).toBeGreaterThan(Date.now() + 1_000_000);
  expect(sso.asked.map((form) => form.get("refresh_token"))).toEqual(["refresh-0", "refresh-1"]);
});

test("a refresh without a new refresh token keeps the old one", async () => {
  await store();
  sso.answer = async () => ({ status: 200, body: { access_token: await sso.sign(), expires_in: 1199 } });

  await access();
  later(1190_000);
  await access();

  expect(sso.asked.map((form) => form.get("refresh_token"))).toEqual(["refresh-0", "refresh-0"]);
});

/** Modules of their own have memories of their own, as processes do: only the table connects them. */
async function anotherProcess() {
  vi.resetModules();
  const [token, actor] = await Promise.all([import("./index.ts"), import("../../platform/actor/index.ts")]);
  return (id: number) =>
    actor.provide({ type: "system", name: "test" }, () => token.access({ characterId: id, purpose: "test" }));
}

test("a hundred callers in four processes cost one SSO call", async () => {
  await store();
  const processes = [await anotherProcess(), await anotherProcess(), await anotherProcess(), await anotherProcess()];

  const tokens = await Promise.all(processes.flatMap((ask) => Array.from({ length: 25 }, () => ask(characterId))));

  expect(sso.asked).toHaveLength(1);
  expect(new Set(tokens.map((token) => token.accessToken)).size).toBe(1);
});

test.each(["invalid_grant", "invalid_token"] as const)(
  "%s kills the token for good: it is never tried again",
  async (error) => {
    await store();
    sso.answer = () => ({ status: 400, body: { error } });

    await expect(access()).rejects.toMatchObject({ name: "TokenDeadError", reason: error });
    await expect(access()).rejects.toMatchObject({ name: "TokenDeadError", reason: error });

    expect(sso.asked).toHaveLength(1);
    expect(await statusOf(characterId)).toMatchObject({
      status: "dead",
      reason: error,
      message: expect.stringMatching(/log in/i),
    });
  },
);

test("a dead token keeps no secrets", async () => {
  await store();

  await asSystem(() => Token.markDead({ characterId, reason: "invalid_token" }));

  const { data } = await TokenEntity().get({ characterId }).go();
  expect(data?.sealed).toBeUndefined();
});

test.each([
  [500, {}],
  [503, "gateway"],
  [400, { error: "invalid_request" }],
  [401, { error: "invalid_client" }],
  [200, { unexpected: true }],
])("an SSO answer of %s %j leaves the token valid", async (status, body) => {
  await store();
  sso.answer = () => ({ status, body });

  await expect(access()).rejects.toMatchObject({ name: "TokenUnavailableError" });

  sso.answer = undefined;
  later(5_000);
  await expect(access()).resolves.toMatchObject({ scopes: ["a.v1"] });
});

test("a failing SSO is not asked for two seconds", async () => {
  await store();
  const askedAt: number[] = [];
  sso.answer = () => {
    askedAt.push(Date.now());
    return { status: 503, body: {} };
  };

  await expect(access()).rejects.toMatchObject({ name: "TokenUnavailableError" });
  const other = await anotherProcess();
  await expect(other(characterId)).rejects.toMatchObject({ name: "TokenUnavailableError" });

  const [first = 0, second = 0] = askedAt;
  expect(second - first).toBeGreaterThanOrEqual(2_000);
});

test("callers of one process at the same time cost one read", async () => {
  await store({ accessExpiresAt: Date.now() + 600_000 });

  const { consumed } = await Db.metered(() => Promise.all(Array.from({ length: 25 }, access)));

  expect(consumed.requests).toBe(1);
});

test("a worker that is refused because another one rotated the token uses the new token", async () => {
  await store();
  const other = await anotherProcess();
  let overtaken: unknown;
  sso.answer = async () => {
    sso.answer = undefined;
    // Frozen in the middle of its call for longer than its lock lives, the first worker is overtaken by another.
    later(31_000);
    overtaken = await other(characterId);
    return { status: 400, body: { error: "invalid_grant" } };
  };

  const token = await access();

  expect(token).toEqual(overtaken);
  expect(await statusOf(characterId)).toMatchObject({ status: "valid" });
});

test("a token that was marked dead during its refresh becomes valid again", async () => {
  await store();
  sso.answer = async () => {
    await asSystem(() => Token.markDead({ characterId, reason: "invalid_grant" }));
    return { status: 200, body: { access_token: await sso.sign(), refresh_token: "refresh-9", expires_in: 1199 } };
  };

  await expect(access()).resolves.toMatchObject({ scopes: ["a.v1"] });

  expect(await statusOf(characterId)).toMatchObject({ status: "valid" });
});

test("a token revoked in the middle of its refresh stays deleted", async () => {
  await store();
  sso.answer = async () => {
    await asSystem(() => Token.revoke({ characterId }));
    return { status: 200, body: { access_token: await sso.sign(), refresh_token: "refresh-9", expires_in: 1199 } };
  };

  await expect(access()).rejects.toMatchObject({ name: "TokenDeadError", reason: "missing" });

  expect(await statusOf(characterId)).toEqual({ status: "none", scopes: [], missingScopes: [] });
});

test("a refresh that names another owner marks the token dead: the character was sold", async () => {
  await store();
  sso.pilot = { ...sso.pilot, owner: "owner-2" };

  await expect(access()).rejects.toMatchObject({ name: "TokenDeadError", reason: "owner_changed" });

  expect(await statusOf(characterId)).toMatchObject({ status: "dead", reason: "owner_changed" });
});

test("a refresh that answers for another character is not stored", async () => {
  await store();
  sso.pilot = { ...sso.pilot, characterId: characterId + 1 };

  await expect(access()).rejects.toMatchObject({ name: "TokenUnavailableError" });

  sso.pilot = { ...sso.pilot, characterId };
  later(5_000);
  await access();
  expect(sso.asked.at(-1)?.get("refresh_token")).toBe("refresh-0");
});

test("an answer that cannot be verified yields no access token, but its rotated refresh token is kept", async () => {
  await store();
  sso.answer = async () => ({
    status: 200,
    body: { access_token: await sso.sign({ iss: "elsewhere" }), refresh_token: "refresh-7", expires_in: 1199 },
  });

  await expect(access()).rejects.toMatchObject({ name: "TokenUnavailableError" });

  sso.answer = undefined;
  later(5_000);
  await access();
  expect(sso.asked.at(-1)?.get("refresh_token")).toBe("refresh-7");
});

test("a blob moved to another character's row is refused", async () => {
  await store({ accessExpiresAt: Date.now() + 600_000 });
  const victim = characterId;
  characterId += 1;
  await store({ accessExpiresAt: Date.now() + 600_000, accessToken: "access-other" });
  const { data } = await TokenEntity().get({ characterId: victim }).go();

  await TokenEntity()
    .patch({ characterId })
    .set({ sealed: data?.sealed as Uint8Array })
    .go();

  await expect(access()).rejects.toMatchObject({ name: "TokenTamperedError" });
  expect(await statusOf(characterId)).toMatchObject({ status: "valid" });
});

test("a blob with a single changed byte is refused", async () => {
  await store({ accessExpiresAt: Date.now() + 600_000 });
  const { data } = await TokenEntity().get({ characterId }).go();
  const blob = Uint8Array.from(data?.sealed as Uint8Array);
  blob[blob.length - 20] = (blob[blob.length - 20] ?? 0) ^ 1;

  await TokenEntity().patch({ characterId }).set({ sealed: blob }).go();

  await expect(access()).rejects.toThrow();
});

test("neither token is in the table as plain text", async () => {
  await store({ accessToken: "SECRET-ACCESS", refreshToken: "SECRET-REFRESH" });

  const { data } = await TokenEntity().get({ characterId }).go({ data: "raw" });

  const text = Buffer.from(
    JSON.stringify(data) + Buffer.from((data as { sealed?: Uint8Array })?.sealed ?? []).toString(),
  );
  expect(text.toString()).not.toMatch(/SECRET-/);
});

test("a plain login does not replace a token with more scopes; adding a corporation does", async () => {
  await store({ scopes: ["a.v1", "b.v1"] });

  await store({ scopes: ["a.v1"], keepWider: true });
  const kept = await statusOf(characterId);
  await store({ scopes: ["c.v1"], keepWider: false });

  expect(kept).toMatchObject({ scopes: ["a.v1", "b.v1"] });
  expect(await statusOf(characterId)).toMatchObject({ scopes: ["c.v1"] });
});

test("a login makes a dead token valid again", async () => {
  await store({ scopes: ["a.v1", "b.v1"] });
  await asSystem(() => Token.markDead({ characterId, reason: "invalid_grant" }));

  await store({ scopes: ["a.v1"], keepWider: true });

  expect(await statusOf(characterId)).toEqual({
    status: "valid",
    scopes: ["a.v1"],
    missingScopes: ["b.v1"],
    accessExpiresAt: expect.any(String),
  });
});

test("revoking ends the token at the SSO and deletes it", async () => {
  await store();

  await asSystem(() => Token.revoke({ characterId }));

  expect(sso.revoked).toEqual(["refresh-0"]);
  await expect(access()).rejects.toMatchObject({ name: "TokenDeadError", reason: "missing" });
});

test.each<[string, () => Promise<unknown>]>([
  ["used", () => Token.access({ characterId, purpose: "test" })],
  ["revoked", () => Token.revoke({ characterId })],
  ["followed in its audit trail", () => Token.uses({ characterId, since: 0 })],
])("the vault serves the system alone: a token is not %s by a user or a visitor", async (_, call) => {
  await store();

  const byUser = Actor.provide({ type: "user", userId: "stranger", sessionId: "s" }, call);
  const byVisitor = Actor.provide({ type: "public" }, call);

  await expect(byUser).rejects.toThrow("system actor required, got user");
  await expect(byVisitor).rejects.toThrow("system actor required, got public");
  expect(sso.revoked).toEqual([]);
  expect((await statusOf(characterId))?.status).toBe("valid");
});

test("a valid token without secrets is reported as our own fault, not as a dead token", async () => {
  await store();
  await TokenEntity().patch({ characterId }).remove(["sealed"]).go();

  await expect(access()).rejects.toThrow(`the valid token of character ${characterId} has no secrets`);
  expect(sso.asked).toEqual([]);
});
