export { board } from "./board.ts";
export { Freshness, freshnessOf } from "./freshness.ts";
export { parentState, refreshableAt, withParentFreshness } from "./parent.ts";
