import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { isConditionFailed } from "../../platform/error/index.ts";
import * as Log from "../../platform/log/index.ts";
import {
  type DeathReason,
  TokenDeadError,
  TokenRejectedError,
  TokenTamperedError,
  TokenUnavailableError,
} from "./error.ts";
import { type Claims, validate } from "./jwt.ts";
import * as Sso from "./sso.ts";
import { type SealedRow, TokenEntity, type TokenRow } from "./token.entity.ts";

/** More than twice the SSO's timeout: only the lock of a frozen or killed process expires. */
const lockMs = 30_000;

/** After a refresh that failed for now, the SSO is not asked for this token again for this long. */
const cooldownMs = 2_000;

/** True if the update was written, false if its condition no longer holds. */
const isWritten = async (update: Promise<unknown>): Promise<boolean> => {
  try {
    await update;
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
};

/** A new grant exists nowhere else: its write is tried for this long, well within the lock. */
const retryMs = 15_000;
const firstPauseMs = 100;

/** Same as `isWritten`, tried again while the table is throttled or fails for a moment. */
async function isWrittenWithRetries(update: () => Promise<unknown>): Promise<boolean> {
  const until = performance.now() + retryMs;
  for (let pauseMs = firstPauseMs; ; pauseMs *= 2) {
    try {
      return await isWritten(update());
    } catch (error) {
      if (performance.now() + pauseMs > until) throw error;
      Log.warn("a new token is not stored yet", { error });
      await delay(pauseMs / 2 + Math.random() * (pauseMs / 2));
    }
  }
}

/** Takes the lock to refresh this version of the token; undefined if another worker has it. */
export async function lock(row: TokenRow): Promise<string | undefined> {
  const lockId = randomUUID();
  const now = Date.now();
  const taken = await isWritten(
    TokenEntity()
      .patch({ characterId: row.characterId })
      .set({ refreshLockUntil: now + lockMs, refreshLockBy: lockId })
      .where(
        ({ version, status, refreshLockUntil }, op) =>
          `${op.eq(version, row.version)} AND ${op.eq(status, "valid")} AND (${op.notExists(refreshLockUntil)} OR ${op.lt(refreshLockUntil, now)})`,
      )
      .go(),
  );
  return taken ? lockId : undefined;
}

/** Releases the lock after a pause, so that not every waiting worker asks an ailing SSO in turn. */
async function unlock(row: TokenRow, lockId: string): Promise<void> {
  await isWritten(
    TokenEntity()
      .patch({ characterId: row.characterId })
      .set({ refreshLockUntil: Date.now() + cooldownMs })
      .where(({ refreshLockBy }, op) => op.eq(refreshLockBy, lockId))
      .go(),
  );
}

/**
 * Marks a token dead and deletes its secrets. With `seen`, only if it still has that version: the refusal of a refresh
 * token that was already rotated says nothing about its successor. Returns whether it was valid until now.
 */
export const markDead = (characterId: number, reason: DeathReason, seen?: string): Promise<boolean> =>
  isWritten(
    TokenEntity()
      .patch({ characterId })
      .set({ status: "dead", reason, deadAt: Date.now() })
      .remove(["sealed", "refreshLockUntil", "refreshLockBy"])
      .where(({ status, version }, op) =>
        seen === undefined ? op.eq(status, "valid") : `${op.eq(status, "valid")} AND ${op.eq(version, seen)}`,
      )
      .go(),
  );

type Granted = Sso.Grant & { refreshToken: string };

/** A token that the SSO has just granted. */
export interface Fresh {
  version: string;
  accessToken: string;
  accessExpiresAt: number;
  scopes: string[];
}

/**
 * Stores a grant if the row still has the version that was refreshed. A row that another worker marked dead meanwhile,
 * because of the rotation that this call caused, becomes valid again.
 */
async function storeGrant(row: TokenRow, granted: Granted, claims: Claims | undefined): Promise<Fresh | undefined> {
  const { accessToken, refreshToken } = granted;
  const version = randomUUID();
  const scopes = claims?.scopes ?? row.scopes;
  const accessExpiresAt = claims ? granted.accessExpiresAt : 0;
  const { seal } = await import("./cipher.ts");
  const sealed = await seal(row.characterId, claims ? { accessToken, refreshToken } : { refreshToken });
  const now = Date.now();
  const stored = await isWrittenWithRetries(() =>
    TokenEntity()
      .patch({ characterId: row.characterId })
      .set({ status: "valid", sealed, scopes, accessExpiresAt, version, lastRefreshedAt: now })
      .set({ refreshLockUntil: claims ? 0 : now + cooldownMs })
      .remove(["refreshLockBy", "reason", "deadAt"])
      .where(
        (attribute, op) =>
          `${op.eq(attribute.version, row.version)} AND (${op.eq(attribute.status, "valid")} OR ${op.eq(attribute.reason, "invalid_grant")} OR ${op.eq(attribute.reason, "invalid_token")})`,
      )
      .go(),
  );
  return stored ? { version, accessToken, accessExpiresAt, scopes } : undefined;
}

/**
 * The verified claims of a new access token. Undefined if they cannot be verified now: the access token is then not used,
 * but the refresh token came over the same authenticated channel and can be the only good one. Throws
 * TokenRejectedError for another character's token.
 */
async function verifyGrant(row: TokenRow, accessToken: string): Promise<Claims | undefined> {
  const claims = await validate(accessToken).catch((error: unknown) => {
    Log.error("a new access token cannot be verified", { characterId: row.characterId, error });
    return undefined;
  });
  if (claims && claims.characterId !== row.characterId) throw new TokenRejectedError("subject");
  return claims;
}

/**
 * Gets new tokens from the SSO; the caller holds the lock. Undefined if the row has changed meanwhile: read it again.
 *
 * The refresh token rotates: the new one is lost if the process is killed between the SSO's answer and our write. The SSO
 * then accepts the old one at the next refresh, or refuses it, and the pilot is notified that the token is dead.
 */
async function requestGrant(row: SealedRow): Promise<Fresh | undefined> {
  const { open, seal } = await import("./cipher.ts");
  const { refreshToken } = await open(row.characterId, row.sealed);
  // Fetches the data key first: after the SSO has rotated the token, storing it must not depend on KMS.
  await seal(row.characterId, { refreshToken });
  const grant = await Sso.refresh(refreshToken);
  const claims = await verifyGrant(row, grant.accessToken);
  if (claims && claims.ownerHash !== row.ownerHash) {
    await markDead(row.characterId, "owner_changed", row.version);
    throw new TokenDeadError(row.characterId, "owner_changed");
  }
  const fresh = await storeGrant(row, { ...grant, refreshToken: grant.refreshToken ?? refreshToken }, claims);
  if (!claims) throw new TokenUnavailableError(row.characterId);
  return fresh;
}

/** Refreshes under a lock. Throws TokenDeadError, TokenUnavailableError, or TokenTamperedError. */
export async function refresh(row: SealedRow, lockId: string): Promise<Fresh | undefined> {
  try {
    return await requestGrant(row);
  } catch (error) {
    if (error instanceof TokenDeadError || error instanceof TokenUnavailableError) throw error;
    if (error instanceof Sso.SsoRefusedError) {
      if (await markDead(row.characterId, error.code, row.version))
        throw new TokenDeadError(row.characterId, error.code);
      return undefined;
    }
    await unlock(row, lockId);
    if (error instanceof TokenTamperedError) throw error;
    throw new TokenUnavailableError(row.characterId, error);
  }
}
