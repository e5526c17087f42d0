// A director is a linked character who can fetch for a corporation. Rows, health, EVE's confirmation of the role, and the
// order in which directors are used.

export { announceFailure } from "./announce.ts";
export { candidates, canFetch, rolesScope, whyBlocked } from "./candidates.ts";
export { type Check, checkAll } from "./check.ts";
export { type Answer, activeUntil, confirm, confirmMembership, readRoles } from "./confirm.ts";
export {
  hasNoOpenIncident,
  isHealthy,
  recordFailure,
  recordSuccess,
  refusals,
  unhealthyAfter,
} from "./health.ts";
export {
  type DirectorLink,
  type DirectorState,
  directedBy,
  type Incident,
  link,
  linksOf,
  linksOfUser,
  load,
  loadUnchecked,
  type NewDirector,
  preferenceOf,
  preferences,
  reset,
  setPreference,
  unlink,
} from "./rows.ts";
