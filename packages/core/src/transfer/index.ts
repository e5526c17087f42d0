import * as Actor from "../actor/index.ts";
import * as Cipher from "../token/cipher.ts";

/*
 * What an installation that moves needs besides its rows: tokens lie in them under a key of the old place and come to lie under
 * one of the new. No function of the product uses this; `pnpm tapi export` and `import` do.
 */

export type { Secrets } from "../token/cipher.ts";

/** Both tokens out of a character's row. */
export async function openTokens(characterId: number, sealed: Uint8Array): Promise<Cipher.Secrets> {
  Actor.assertSystem();
  return Cipher.open(characterId, sealed);
}

/** Both tokens for a character's row, under the key of this installation. */
export async function sealTokens(characterId: number, secrets: Cipher.Secrets): Promise<Uint8Array> {
  Actor.assertSystem();
  return Cipher.seal(characterId, secrets);
}
