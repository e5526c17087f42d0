import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { isConditionFailed } from "../error/index.ts";
import * as Log from "../log/index.ts";
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

/** Twice the SSO's timeout and more: only a process that was frozen or killed lets its lock run out. */
const lockMs = 30_000;

/** After a refresh that failed for a while, nobody asks the SSO for this token again until this is over. */
const cooldownMs = 2_000;

/** An update that does nothing when its condition no longer holds. */
const ifStill = async (update: Promise<unknown>): Promise<boolean> => {
  try {
    await update;
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
};

/** What the SSO has just granted exists nowhere else: its write is tried for this long, well within the lock. */
const insistMs = 15_000;
const firstPauseMs = 100;

/** As `ifStill`, for a write that must not be given up because the table is throttled or at odds for a moment. */
async function insist(update: () => Promise<unknown>): Promise<boolean> {
  const until = performance.now() + insistMs;
  for (let pauseMs = firstPauseMs; ; pauseMs *= 2) {
    try {
      return await ifStill(update());
    } catch (error) {
      if (performance.now() + pauseMs > until) throw error;
      Log.warn("a token just granted is not stored yet", { error });
      await delay(pauseMs / 2 + Math.random() * (pauseMs / 2));
    }
  }
}

/** Takes the right to refresh this very version of the token; undefined when somebody else has it. */
export async function lock(row: TokenRow): Promise<string | undefined> {
  const lockId = randomUUID();
  const now = Date.now();
  const taken = await ifStill(
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

/** Lets others try, after a pause that keeps an ailing SSO from being asked by every waiter in turn. */
async function release(row: TokenRow, lockId: string): Promise<void> {
  await ifStill(
    TokenEntity()
      .patch({ characterId: row.characterId })
      .set({ refreshLockUntil: Date.now() + cooldownMs })
      .where(({ refreshLockBy }, op) => op.eq(refreshLockBy, lockId))
      .go(),
  );
}

/**
 * Marks a token dead for good and forgets its secrets. With `version`, only if nobody has renewed it since: the refusal
 * of a refresh token that was already rotated says nothing about its successor. Returns whether it died just now.
 */
export const die = (characterId: number, reason: DeathReason, seen?: string): Promise<boolean> =>
  ifStill(
    TokenEntity()
      .patch({ characterId })
      .set({ status: "dead", reason, deadAt: Date.now() })
      .remove(["sealed", "refreshLockUntil", "refreshLockBy"])
      .where(({ status, version }, op) =>
        seen === undefined ? op.eq(status, "valid") : `${op.eq(status, "valid")} AND ${op.eq(version, seen)}`,
      )
      .go(),
  );

// Loaded at first use: the Encryption SDK is half of a handler's bundle, and most requests touch no token.
export const cipher = () => import("./cipher.ts");

type Granted = Sso.Grant & { refreshToken: string };

/** A token whose secrets were just had from the SSO. */
export interface Fresh {
  version: string;
  accessToken: string;
  accessExpiresAt: number;
  scopes: string[];
}

/**
 * Stores what the SSO granted, if the row is still at the version that was refreshed. A row which another worker took
 * for dead meanwhile (its refusal came from the rotation that this very call caused) lives again.
 */
async function keep(row: TokenRow, granted: Granted, claims: Claims | undefined): Promise<Fresh | undefined> {
  const { accessToken, refreshToken } = granted;
  const version = randomUUID();
  const scopes = claims?.scopes ?? row.scopes;
  const accessExpiresAt = claims ? granted.accessExpiresAt : 0;
  const sealed = await (await cipher()).seal(
    row.characterId,
    claims ? { accessToken, refreshToken } : { refreshToken },
  );
  const now = Date.now();
  const stored = await insist(() =>
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
 * The SSO's word on who the token is for. Undefined when it cannot be believed or checked just now: the access token is
 * then not used, but the refresh token beside it came over the same authenticated channel and may be the only good one.
 */
async function vouch(row: TokenRow, accessToken: string): Promise<Claims | undefined> {
  const claims = await validate(accessToken).catch((error: unknown) => {
    Log.error("an access token just granted cannot be verified", { characterId: row.characterId, error });
    return undefined;
  });
  if (claims && claims.characterId !== row.characterId) throw new TokenRejectedError("subject");
  return claims;
}

/**
 * Asks the SSO for new tokens under a lock already held. Undefined means that the row moved on meanwhile: look again.
 *
 * The refresh token rotates: a process that dies between the SSO's answer and our write takes the new one with it. The
 * gap is one write long; if it happens, the next refresh with the old token is either honoured by the SSO or refused,
 * and then the token is dead with that reason and its pilot is told.
 */
async function ask(row: SealedRow): Promise<Fresh | undefined> {
  const { open, seal } = await cipher();
  const { refreshToken } = await open(row.characterId, row.sealed);
  // Fetches the data key: once the SSO has rotated the token, storing it must not depend on KMS.
  await seal(row.characterId, { refreshToken });
  const grant = await Sso.refresh(refreshToken);
  const claims = await vouch(row, grant.accessToken);
  if (claims && claims.ownerHash !== row.ownerHash) {
    await die(row.characterId, "owner_changed", row.version);
    throw new TokenDeadError(row.characterId, "owner_changed");
  }
  const fresh = await keep(row, { ...grant, refreshToken: grant.refreshToken ?? refreshToken }, claims);
  if (!claims) throw new TokenUnavailableError(row.characterId);
  return fresh;
}

/** Refreshes under a lock. Throws TokenDeadError, TokenUnavailableError, or TokenTamperedError. */
export async function refresh(row: SealedRow, lockId: string): Promise<Fresh | undefined> {
  try {
    return await ask(row);
  } catch (error) {
    if (error instanceof TokenDeadError || error instanceof TokenUnavailableError) throw error;
    if (error instanceof Sso.SsoRefusedError) {
      if (await die(row.characterId, error.code, row.version)) throw new TokenDeadError(row.characterId, error.code);
      return undefined;
    }
    await release(row, lockId);
    if (error instanceof TokenTamperedError) throw error;
    throw new TokenUnavailableError(row.characterId, error);
  }
}
