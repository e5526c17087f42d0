import { randomInt } from "node:crypto";
import { expect, test } from "vitest";
import * as Actor from "../../platform/actor/index.ts";
import { mapConcurrent } from "../../platform/parallel/index.ts";
import * as Token from "./index.ts";
import { TokenEntity } from "./token.entity.ts";

const asSystem = <T>(body: () => T): T => Actor.provide({ type: "system", name: "test" }, body);

async function storeAndUse(): Promise<number> {
  const characterId = randomInt(90_000_000, 2_000_000_000);
  const accessExpiresAt = Date.now() + 20 * 60_000;
  const grant = { scopes: ["a.v1"], accessToken: `a-${characterId}`, refreshToken: "r", accessExpiresAt };
  await asSystem(() => Token.store({ ...grant, characterId, ownerHash: "owner", keepWider: false }));
  await use(characterId);
  return characterId;
}

const use = (characterId: number) => asSystem(() => Token.access({ characterId, purpose: "test" }));

test("a process keeps five hundred decrypted tokens, and drops the oldest one", async () => {
  const first = await storeAndUse();
  const second = await storeAndUse();
  await mapConcurrent(
    8,
    Array.from({ length: 499 }, (_, index) => index),
    async () => void (await storeAndUse()),
  );
  // Who has to open it again finds another character's secrets, which do not open under this one's id.
  const { data: strange } = await TokenEntity().get({ characterId: first }).go();
  const { data: other } = await TokenEntity().get({ characterId: second }).go();
  await TokenEntity()
    .patch({ characterId: first })
    .set({ sealed: other?.sealed as Uint8Array })
    .go();
  await TokenEntity()
    .patch({ characterId: second })
    .set({ sealed: strange?.sealed as Uint8Array })
    .go();

  await expect(use(second)).resolves.toMatchObject({ accessToken: `a-${second}` });
  await expect(use(first)).rejects.toMatchObject({ name: "TokenTamperedError" });
});
