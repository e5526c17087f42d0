import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import * as z from "zod";
import * as Actor from "../actor/index.ts";
import { assertOwnerOrSystem } from "../character/owner.ts";
import { ignoreConditionFailed } from "../error/index.ts";
import { fn } from "../fn/index.ts";
import * as Log from "../log/index.ts";
import { type DeathReason, deathReasons, explain, TokenDeadError, TokenUnavailableError } from "./error.ts";
import { type Kept, keepDue, unwatch, watch } from "./keeper.ts";
import { cipher, die, lock, refresh } from "./refresh.ts";
import * as Sso from "./sso.ts";
import { type SealedRow, TokenEntity, type TokenRow } from "./token.entity.ts";
import * as Uses from "./uses.ts";

export { explain, TokenDeadError, TokenRejectedError, TokenTamperedError, TokenUnavailableError } from "./error.ts";
export { validate } from "./jwt.ts";
export { Use } from "./uses.ts";

const Id = z.object({ characterId: z.int().positive() });

export const Status = z.object({
  status: z.enum(["valid", "dead", "none"]),
  reason: z.string().optional(),
  message: z.string().optional(),
  scopes: z.array(z.string()),
  /** What was asked for with this character and its token cannot do; everything, of a dead one. */
  missingScopes: z.array(z.string()),
  accessExpiresAt: z.iso.datetime().optional(),
});
export type Status = z.infer<typeof Status>;

export interface Access {
  accessToken: string;
  scopes: string[];
  /** Epoch milliseconds on our own clock. */
  expiresAt: number;
}

/** An access token this close to its end is not handed out: a page set may take most of a minute. */
const marginMs = 60_000;

/**
 * How often a caller looks again while another worker holds the lock, 200 ms apart on average: the SSO's time limit.
 * Counted, not timed, because the clock may jump (a frozen process, a simulated day).
 */
const maxLooks = 50;

/** Access tokens that this process has decrypted, so that KMS is asked once per process and version, not once per use. */
const opened = new Map<string, string>();
const maxOpened = 500;

function remember(key: string, accessToken: string): void {
  opened.set(key, accessToken);
  const [oldest] = opened.keys();
  if (opened.size > maxOpened && oldest !== undefined) opened.delete(oldest);
}

async function reveal(row: TokenRow, sealed: Uint8Array): Promise<string> {
  const key = `${row.characterId}:${row.version}`;
  const known = opened.get(key);
  if (known) return known;
  const { accessToken } = await (await cipher()).open(row.characterId, sealed);
  if (!accessToken) throw new Error(`the blob of character ${row.characterId} holds no access token`);
  remember(key, accessToken);
  return accessToken;
}

/** A consistent read: a token that a pilot has just revoked is not handed out by another process. */
async function read(characterId: number): Promise<SealedRow> {
  const { data: row } = await TokenEntity().get({ characterId }).go({ consistent: true });
  if (!row) throw new TokenDeadError(characterId, "missing");
  if (row.status === "dead") throw new TokenDeadError(characterId, row.reason ?? "invalid_grant");
  if (!row.sealed) throw new Error(`the valid token of character ${characterId} has no secrets`);
  return { ...row, sealed: row.sealed };
}

async function obtain(characterId: number): Promise<Access & { refreshed: boolean }> {
  for (let looks = 0; looks < maxLooks; looks += 1) {
    const row = await read(characterId);
    if (row.accessExpiresAt - Date.now() > marginMs) {
      const accessToken = await reveal(row, row.sealed);
      return { accessToken, scopes: row.scopes, expiresAt: row.accessExpiresAt, refreshed: false };
    }
    const lockId = await lock(row);
    const fresh = lockId && (await refresh(row, lockId));
    if (fresh) {
      remember(`${characterId}:${fresh.version}`, fresh.accessToken);
      const { accessToken, scopes, accessExpiresAt: expiresAt } = fresh;
      return { accessToken, scopes, expiresAt, refreshed: true };
    }
    await delay(100 + Math.random() * 200);
  }
  throw new TokenUnavailableError(characterId);
}

const underway = new Map<number, ReturnType<typeof obtain>>();

/** Callers of one process share one read, one decryption and one refresh; the lock does the same between processes. */
function obtainOnce(characterId: number): ReturnType<typeof obtain> {
  const known = underway.get(characterId);
  if (known) return known;
  const started = obtain(characterId).finally(() => underway.delete(characterId));
  underway.set(characterId, started);
  return started;
}

const AccessInput = Id.extend({ purpose: z.string().min(1).max(60), operation: z.string().max(80).optional() });

/**
 * A usable access token, refreshed if need be; the use goes to the character's audit trail under `purpose`.
 * Throws TokenDeadError (final: a pilot has to log in again), TokenUnavailableError (try later) or TokenTamperedError.
 */
export const access = fn(AccessInput, async (use): Promise<Access> => {
  await assertOwnerOrSystem(use.characterId);
  try {
    const { refreshed, ...token } = await obtainOnce(use.characterId);
    await Uses.note(use, refreshed ? "refreshed" : "used");
    return token;
  } catch (error) {
    if (error instanceof TokenDeadError) await Uses.note(use, "refused");
    if (error instanceof TokenUnavailableError) await Uses.note(use, "unavailable");
    throw error;
  }
});

const StoreInput = Id.extend({
  ownerHash: z.string(),
  scopes: z.array(z.string()),
  /** What the login asked for, granted or not. */
  asked: z.array(z.string()).default([]),
  accessToken: z.string(),
  refreshToken: z.string(),
  accessExpiresAt: z.number(),
  /** Keep a living token that can do more: a plain login asks for no scopes and must not take a director's away. */
  keepWider: z.boolean(),
});

const union = (...lists: readonly string[][]): string[] => [...new Set(lists.flat())].sort();

/** Stores what a login granted, over whatever was there. What was asked for before stays wanted. */
export const store = fn(StoreInput, async ({ characterId, accessToken, refreshToken, keepWider, asked, ...token }) => {
  Actor.assertSystem();
  const { data: held } = await TokenEntity().get({ characterId }).go({ consistent: true });
  const own = held?.ownerHash === token.ownerHash ? held : undefined;
  const alive = own?.status === "valid";
  if (keepWider && alive && own.scopes.some((scope) => !token.scopes.includes(scope))) return;
  const wanted = union(own?.missingScopes ?? [], own?.scopes ?? [], asked);
  const missingScopes = wanted.filter((scope) => !token.scopes.includes(scope));
  const sealed = await (await cipher()).seal(characterId, { accessToken, refreshToken });
  await TokenEntity()
    .put({
      characterId,
      ...token,
      ...(missingScopes.length > 0 ? { missingScopes } : {}),
      status: "valid",
      sealed,
      version: randomUUID(),
      lastRefreshedAt: Date.now(),
    })
    .go();
  await watch(characterId);
});

/** Declares a token dead, for instance when ESI answers 401 to a fresh one. Returns whether it was alive until now. */
export const markDead = fn(
  Id.extend({ reason: z.enum(Object.keys(deathReasons) as [DeathReason, ...DeathReason[]]) }),
  async ({ characterId, reason }) => {
    Actor.assertSystem();
    return die(characterId, reason);
  },
);

/** A token granted this recently is not asked for again because ESI refuses it: the fault lies elsewhere. */
const trustedMs = 60_000;

/** ESI refused the access token: the next `access` asks the SSO, and learns there if the token is dead. */
export const distrust = fn(Id, async ({ characterId }) => {
  Actor.assertSystem();
  await TokenEntity()
    .patch({ characterId })
    .set({ accessExpiresAt: 0 })
    .where(
      ({ status, lastRefreshedAt }, op) =>
        `${op.eq(status, "valid")} AND ${op.lt(lastRefreshedAt, Date.now() - trustedMs)}`,
    )
    .go()
    .catch(ignoreConditionFailed);
});

/** Ends the token at the SSO and forgets it. An SSO out of reach does not keep a pilot from taking the token back. */
export const revoke = fn(Id, async ({ characterId }) => {
  await assertOwnerOrSystem(characterId);
  const { data: row } = await TokenEntity().delete({ characterId }).go({ response: "all_old" });
  await unwatch(characterId);
  if (!row?.sealed) return;
  try {
    const { refreshToken } = await (await cipher()).open(characterId, row.sealed);
    await Sso.revoke(refreshToken);
  } catch (error) {
    Log.warn("a token was forgotten but could not be revoked at EVE SSO", { characterId, error });
  }
});

const describe = (row: TokenRow | undefined): Status => {
  if (!row) return { status: "none", scopes: [], missingScopes: [] };
  const { status, scopes, missingScopes = [] } = row;
  if (status === "valid") {
    return { status, scopes, missingScopes, accessExpiresAt: new Date(row.accessExpiresAt).toISOString() };
  }
  const reason = row.reason ?? "invalid_grant";
  return { status, scopes, missingScopes: union(scopes, missingScopes), reason, message: explain(reason) };
};

/** How the tokens of these characters fare, in the order asked. */
export const statuses = fn(z.object({ characterIds: z.array(z.int().positive()) }), async ({ characterIds }) => {
  Actor.assertSystem();
  const { data } = await TokenEntity()
    .get(characterIds.map((characterId) => ({ characterId })))
    .go();
  const rows = new Map(data.map((row) => [row.characterId, row]));
  return characterIds.map((characterId) => describe(rows.get(characterId)));
});

/** The EVE account that the token was granted by, as the SSO's hash; also of a dead one. */
export const ownerHash = fn(Id, async ({ characterId }) => {
  Actor.assertSystem();
  const { data } = await TokenEntity().get({ characterId }).go({ consistent: true });
  return data?.ownerHash;
});

/** The audit trail of a character from `since` on (epoch milliseconds), newest first. */
export const uses = fn(Id.extend({ since: z.number(), cursor: z.string().optional() }), async (input) => {
  await assertOwnerOrSystem(input.characterId);
  return Uses.list(input);
});

/** Writes the uses noted since the last call; every handler that may have used a token ends with it. */
// Public: it writes only what this process itself has noted.
export const flushUses = (): Promise<void> => Uses.flush();

/** The keeper's hourly round: refreshes tokens that lay idle for a day and tells which of them turned out dead. */
export async function keepAlive(): Promise<Kept> {
  Actor.assertSystem();
  return keepDue((characterId) => access({ characterId, purpose: "keep-alive" }));
}
