export { address } from "./address.ts";
export { keptMonths } from "./kept.ts";
export { collectionsOf, monthsBetween, readLedger, recentMonths } from "./ledger.ts";
