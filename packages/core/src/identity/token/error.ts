/** Why a token died for good. The codes are stored and shown: they never change. */
export const deathReasons = {
  invalid_grant:
    "EVE no longer accepts this character's token: it was revoked at EVE, or the application's scopes changed. Log in with this character again.",
  invalid_token: "EVE calls this character's token invalid. Log in with this character again.",
  owner_changed:
    "This character moved to another EVE account. If it is still yours, log in with it again from the new account.",
} as const;

export type DeathReason = keyof typeof deathReasons;

/** A sentence that explains a reason and says what to do. */
export const explain = (reason: DeathReason | "missing"): string =>
  reason === "missing" ? "This character has no token here. Log in with it." : deathReasons[reason];

/** The character has no usable token, and another try does not help: a pilot has to log in with it again. */
export class TokenDeadError extends Error {
  override readonly name = "TokenDeadError";
  readonly characterId: number;
  readonly reason: DeathReason | "missing";

  constructor(characterId: number, reason: DeathReason | "missing") {
    super(`the token of character ${characterId} is dead: ${reason}`);
    this.characterId = characterId;
    this.reason = reason;
  }
}

/** No token for now (the SSO, its keys or KMS do not answer): try again later, nothing is lost. */
export class TokenUnavailableError extends Error {
  override readonly name = "TokenUnavailableError";
  readonly characterId: number;

  constructor(characterId: number, cause?: unknown) {
    super(`the token of character ${characterId} cannot be had just now`, { cause });
    this.characterId = characterId;
  }
}

/** A stored blob belongs to another row or was altered: never a person's mistake. */
export class TokenTamperedError extends Error {
  override readonly name = "TokenTamperedError";
}

/** An access token that failed a check, which `code` names. */
export class TokenRejectedError extends Error {
  override readonly name = "TokenRejectedError";
  readonly code: "algorithm" | "key" | "signature" | "expired" | "issuer" | "audience" | "subject" | "claims";

  constructor(code: TokenRejectedError["code"], cause?: unknown) {
    super(`the access token was rejected: ${code}`, { cause });
    this.code = code;
  }
}
