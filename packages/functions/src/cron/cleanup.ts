import * as Corporation from "@tapi/core/corporation";
import * as Refresh from "@tapi/core/refresh";
import { scheduled } from "./scheduled.ts";

export const handler = scheduled("cleanup", async () => {
  const { removed } = await Corporation.removeAllExpired();
  return { removed, ...(await Refresh.compactAll()) };
});
