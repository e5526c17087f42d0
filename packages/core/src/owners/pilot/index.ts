import { type Fetcher, TokenRefusedError, TokenUnavailableError } from "../../engine/kind/index.ts";
import * as Esi from "../../eve/esi/index.ts";
import * as Token from "../../identity/token/index.ts";

/** The engine's errors in place of the vault's. */
function translate(error: unknown): never {
  if (error instanceof Token.TokenDeadError) throw new TokenRefusedError(error.message, { cause: error });
  if (error instanceof Token.TokenUnavailableError) throw new TokenUnavailableError(error.message, { cause: error });
  throw error;
}

/** The access of a fetcher that is a pilot: the character's token from the vault, with the use written down. */
export const tokenOf = (
  characterId: number,
  operation: string,
): Pick<Fetcher, "accessToken" | "expireAccessToken"> => ({
  accessToken: async () => {
    const { accessToken } = await Token.access({ characterId, purpose: "refresh", operation }).catch(translate);
    return accessToken;
  },
  expireAccessToken: () => Token.expireAccessToken({ characterId }),
});

/** The death behind a failure; undefined: the token lives. */
export const deathOf = (error: unknown): Token.TokenDeadError | undefined =>
  error instanceof TokenRefusedError && error.cause instanceof Token.TokenDeadError ? error.cause : undefined;

/** A fetcher's failure in words. `forbidden` says what ESI's 403 means for this kind of owner. */
export function reasonOf(error: unknown, forbidden: string): { code: string; message: string } {
  const death = deathOf(error);
  if (death) return { code: "token.dead", message: Token.explain(death.reason) };
  return error instanceof Esi.EsiError && error.kind === "unauthorized"
    ? { code: "esi.unauthorized", message: "ESI does not accept this character's token." }
    : { code: "esi.forbidden", message: forbidden };
}
