import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import * as z from "zod";
import * as Actor from "../../platform/actor/index.ts";
import { ignoreConditionFailed } from "../../platform/error/index.ts";
import { fn } from "../../platform/fn/index.ts";
import * as Log from "../../platform/log/index.ts";
import { Bounded } from "../../platform/lru/index.ts";
import { type DeathReason, deathReasons, explain, TokenDeadError, TokenUnavailableError } from "./error.ts";
import { type Kept, keepDue, unwatch, watch } from "./keeper.ts";
import { lock, markDead as markDeadInRow, refresh } from "./refresh.ts";
import * as Sso from "./sso.ts";
import { type SealedRow, TokenEntity, type TokenRow } from "./token.entity.ts";
import * as Uses from "./uses.ts";

export type { Secrets } from "./cipher.ts";
export { explain, TokenDeadError, TokenRejectedError, TokenTamperedError, TokenUnavailableError } from "./error.ts";
export { validate } from "./jwt.ts";
export { exchange, SsoRefusedError } from "./sso.ts";
export { Use } from "./uses.ts";

/** Loaded at first use: the Encryption SDK is half of a handler's bundle, and most requests touch no token. */
export const cipher = () => import("./cipher.ts");

const Id = z.object({ characterId: z.int().positive() });

export const Status = z.object({
  status: z.enum(["valid", "dead", "none"]),
  reason: z.string().optional(),
  message: z.string().optional(),
  scopes: z.array(z.string()),
  /** Scopes that were asked for with this character and that its token lacks; all of them if it is dead. */
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

/** An access token this close to its end is refreshed first: reading all pages of a route can take most of a minute. */
const marginMs = 60_000;

/**
 * How often a caller reads the row while another worker holds the lock, 200 ms apart on average: the SSO's time limit.
 * Counted, not timed, because the clock can jump (a frozen process, a simulated day).
 */
const maxLooks = 50;

/** Access tokens that this process has decrypted: KMS is asked once per process and version, not once per use. */
const opened = new Bounded<string, string>(500);

async function decryptAccessToken(row: TokenRow, sealed: Uint8Array): Promise<string> {
  const key = `${row.characterId}:${row.version}`;
  const known = opened.get(key);
  if (known) return known;
  const { accessToken } = await (await cipher()).open(row.characterId, sealed);
  if (!accessToken) throw new Error(`the blob of character ${row.characterId} holds no access token`);
  opened.set(key, accessToken);
  return accessToken;
}

/** A consistent read: once a pilot has revoked a token, no other process returns it. */
async function read(characterId: number): Promise<SealedRow> {
  const { data: row } = await TokenEntity().get({ characterId }).go({ consistent: true });
  if (!row) throw new TokenDeadError(characterId, "missing");
  if (row.status === "dead") throw new TokenDeadError(characterId, row.reason ?? "invalid_grant");
  if (!row.sealed) throw new Error(`the valid token of character ${characterId} has no secrets`);
  return { ...row, sealed: row.sealed };
}

async function getAccessToken(characterId: number): Promise<Access & { refreshed: boolean }> {
  for (let looks = 0; looks < maxLooks; looks += 1) {
    const row = await read(characterId);
    if (row.accessExpiresAt - Date.now() > marginMs) {
      const accessToken = await decryptAccessToken(row, row.sealed);
      return { accessToken, scopes: row.scopes, expiresAt: row.accessExpiresAt, refreshed: false };
    }
    const lockId = await lock(row);
    const fresh = lockId && (await refresh(row, lockId));
    if (fresh) {
      opened.set(`${characterId}:${fresh.version}`, fresh.accessToken);
      const { accessToken, scopes, accessExpiresAt: expiresAt } = fresh;
      return { accessToken, scopes, expiresAt, refreshed: true };
    }
    await delay(100 + Math.random() * 200);
  }
  throw new TokenUnavailableError(characterId);
}

const underway = new Map<number, ReturnType<typeof getAccessToken>>();

/** Callers of one process share one read, one decryption and one refresh. Between processes the lock does the same. */
function getAccessTokenOnce(characterId: number): ReturnType<typeof getAccessToken> {
  const known = underway.get(characterId);
  if (known) return known;
  const started = getAccessToken(characterId).finally(() => underway.delete(characterId));
  underway.set(characterId, started);
  return started;
}

/** Characters whose token this process found dead because they were transferred to another EVE account. */
const transferred = new Set<number>();

/** Returns these characters and clears the list. */
// Public: it returns only what this process itself has found.
export function takeTransferred(): number[] {
  const characterIds = [...transferred];
  transferred.clear();
  return characterIds;
}

const AccessInput = Id.extend({
  purpose: z.string().min(1).max(60),
  operation: z.string().max(80).optional(),
  /** Who uses it, as the audit trail shows it; the system actor's name by default. */
  by: z.string().max(60).optional(),
});

/**
 * An access token that is valid for a minute or more, refreshed if needed. The use is written to the character's audit
 * trail. Throws TokenDeadError (final: a pilot has to log in again), TokenUnavailableError (try later) or
 * TokenTamperedError.
 *
 * @example const { accessToken } = await access({ characterId, purpose: "refresh", operation: "GetStatus" });
 */
export const access = fn(AccessInput, async (use): Promise<Access> => {
  Actor.assertSystem();
  try {
    const { refreshed, ...token } = await getAccessTokenOnce(use.characterId);
    await Uses.note(use, refreshed ? "refreshed" : "used");
    return token;
  } catch (error) {
    if (error instanceof TokenDeadError) {
      if (error.reason === "owner_changed") transferred.add(use.characterId);
      await Uses.note(use, "refused");
    }
    if (error instanceof TokenUnavailableError) await Uses.note(use, "unavailable");
    throw error;
  }
});

const StoreInput = Id.extend({
  ownerHash: z.string(),
  scopes: z.array(z.string()),
  /** Scopes that the login asked for, granted or not. */
  asked: z.array(z.string()).default([]),
  accessToken: z.string(),
  refreshToken: z.string(),
  accessExpiresAt: z.number(),
  /** Keep a valid token with more scopes: a plain login asks for none and must not replace a director's token. */
  keepWider: z.boolean(),
});

const union = (...lists: readonly string[][]): string[] => [...new Set(lists.flat())].sort();

/** Stores the grant of a login in place of the character's token. Scopes that were asked for before stay wanted. */
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

/** Marks a token dead and deletes its secrets. Returns whether it was valid until now. */
export const markDead = fn(
  Id.extend({ reason: z.enum(Object.keys(deathReasons) as [DeathReason, ...DeathReason[]]) }),
  async ({ characterId, reason }) => {
    Actor.assertSystem();
    return markDeadInRow(characterId, reason);
  },
);

/** A token refreshed this recently stays as it is although ESI refuses it: the fault lies elsewhere. */
const trustedMs = 60_000;

/** After ESI has refused the access token: the next `access` refreshes it, and the SSO says whether the token is dead. */
export const expireAccessToken = fn(Id, async ({ characterId }) => {
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

/** Deletes the token and revokes it at the SSO. An SSO that does not answer does not stop the deletion. */
export const revoke = fn(Id, async ({ characterId }) => {
  Actor.assertSystem();
  const { data: row } = await TokenEntity().delete({ characterId }).go({ response: "all_old" });
  await unwatch(characterId);
  if (!row?.sealed) return;
  try {
    const { refreshToken } = await (await cipher()).open(characterId, row.sealed);
    await Sso.revoke(refreshToken);
  } catch (error) {
    Log.warn("a token was deleted but could not be revoked at EVE SSO", { characterId, error });
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

const StatusesInput = z.object({ characterIds: z.array(z.int().positive()), consistent: z.boolean().default(false) });

/** The state of the tokens of some characters, in the given order. `consistent`: also just after a login. */
export const statuses = fn(StatusesInput, async ({ characterIds, consistent }) => {
  Actor.assertSystem();
  const { data } = await TokenEntity()
    .get(characterIds.map((characterId) => ({ characterId })))
    .go({ consistent });
  const rows = new Map(data.map((row) => [row.characterId, row]));
  return characterIds.map((characterId) => describe(rows.get(characterId)));
});

/** The EVE account (the SSO's hash) that a character left, if its token died by that; otherwise undefined. */
export const ownerBeforeTransfer = fn(Id, async ({ characterId }): Promise<string | undefined> => {
  Actor.assertSystem();
  const { data } = await TokenEntity().get({ characterId }).go({ consistent: true });
  return data?.status === "dead" && data.reason === "owner_changed" ? data.ownerHash : undefined;
});

/** The audit trail of a character from `since` on (epoch milliseconds), newest first. */
export const uses = fn(Id.extend({ since: z.number(), cursor: z.string().optional() }), async (input) => {
  Actor.assertSystem();
  return Uses.list(input);
});

/** Writes the uses of this process since the last call. Every handler that can use a token ends with it. */
// Public: it writes only this process's own uses.
export const flushUses = (): Promise<void> => Uses.flush();

/** Refreshes tokens that were not used for a day, and returns which of them are dead. Runs every hour. */
export async function keepAlive(): Promise<Kept> {
  Actor.assertSystem();
  return keepDue((characterId) => access({ characterId, purpose: "keep-alive" }));
}
