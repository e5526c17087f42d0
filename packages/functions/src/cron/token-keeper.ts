import "@tapi/core/owners";
import * as Token from "@tapi/core/identity/token";
import * as Corporation from "@tapi/core/owners/corporation";
import * as Account from "@tapi/core/product/account";
import { scheduled } from "./scheduled.ts";

export const handler = scheduled("token-keeper", async () => {
  const { died, ...kept } = await Token.keepAlive();
  for (const death of died) await Account.announceTokenDeath(death);
  const checked = await Corporation.checkDirectors();
  await Account.finishTokenUses();
  return { ...kept, died: died.length, ...checked };
});
