import * as Authority from "@tapi/core/authority";
import * as Character from "@tapi/core/character";
import * as Realtime from "@tapi/core/realtime";
import * as Token from "@tapi/core/token";
import { scheduled } from "./scheduled.ts";

export const handler = scheduled("token-keeper", async () => {
  const { died, ...kept } = await Token.keepAlive();
  for (const death of died) {
    const userId = await Character.afterDeath(death);
    if (userId) await Realtime.tokenDied({ userId, ...death });
  }
  const checked = await Authority.checkAll();
  await Token.flushUses();
  return { ...kept, died: died.length, ...checked };
});
