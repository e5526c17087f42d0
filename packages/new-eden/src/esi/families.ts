import { asset } from "./asset.ts";
import { character } from "./character.ts";
import { corporation } from "./corporation.ts";
import type { Family } from "./endpoint.ts";
import { member } from "./member.ts";
import { status } from "./status.ts";
import { universe } from "./universe.ts";
import { wallet } from "./wallet.ts";

/** Every route that is served, by operation id; what is said of a route (scope, roles, cache) comes from the spec. */
export const endpoints: Family = {
  ...status,
  ...character,
  ...corporation,
  ...member,
  ...wallet,
  ...asset,
  ...universe,
};
