import { affairs } from "./affairs.ts";
import { asset } from "./asset.ts";
import { character } from "./character.ts";
import { containerLog } from "./container-log.ts";
import { contract } from "./contract.ts";
import { corporation } from "./corporation.ts";
import type { Family } from "./endpoint.ts";
import { industry } from "./industry.ts";
import { killmail } from "./killmail.ts";
import { location } from "./location.ts";
import { market } from "./market.ts";
import { member } from "./member.ts";
import { mining } from "./mining.ts";
import { notification } from "./notification.ts";
import { project } from "./project.ts";
import { reputation } from "./reputation.ts";
import { skill } from "./skill.ts";
import { status } from "./status.ts";
import { structure } from "./structure.ts";
import { universe } from "./universe.ts";
import { wallet } from "./wallet.ts";

/** Every route that is served, by operation id; what is said of a route (scope, roles, cache) comes from the spec. */
export const endpoints: Family = {
  ...status,
  ...character,
  ...corporation,
  ...skill,
  ...location,
  ...notification,
  ...reputation,
  ...member,
  ...wallet,
  ...asset,
  ...industry,
  ...mining,
  ...structure,
  ...market,
  ...contract,
  ...killmail,
  ...containerLog,
  ...affairs,
  ...project,
  ...universe,
};
