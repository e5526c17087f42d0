import * as Token from "../../identity/token/index.ts";
import * as Actor from "../../platform/actor/index.ts";

/*
 * Moves tokens to another installation: they are decrypted with the key of the old one and encrypted with the key of the new
 * one. No function of the product uses this; `pnpm tapi export` and `import` do.
 */

export type { Secrets } from "../../identity/token/index.ts";

/** Decrypts both tokens of a character's row. */
export async function openTokens(characterId: number, sealed: Uint8Array): Promise<Token.Secrets> {
  Actor.assertSystem();
  return (await Token.cipher()).open(characterId, sealed);
}

/** Encrypts both tokens for a character's row with the key of this installation. */
export async function sealTokens(characterId: number, secrets: Token.Secrets): Promise<Uint8Array> {
  Actor.assertSystem();
  return (await Token.cipher()).seal(characterId, secrets);
}
