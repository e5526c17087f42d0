import * as Authority from "@tapi/core/authority";
import * as Token from "@tapi/core/token";
import { scheduled } from "./scheduled.ts";

export const handler = scheduled("token-keeper", async () => {
  const kept = await Token.keepAlive();
  const checked = await Authority.checkAll();
  await Token.flushUses();
  return { ...kept, ...checked };
});
