import "@tapi/core/owners";
import * as Upkeep from "@tapi/core/engine/upkeep";
import * as CharacterData from "@tapi/core/owners/character";
import * as Corporation from "@tapi/core/owners/corporation";
import { scheduled } from "./scheduled.ts";

export const handler = scheduled("cleanup", async () => {
  const { removed } = await Corporation.removeAllExpired();
  const { erased } = await CharacterData.eraseUnlinked();
  return { removed, erased, ...(await Upkeep.compactAll()) };
});
