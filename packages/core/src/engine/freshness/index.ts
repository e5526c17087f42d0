export { board } from "./board.ts";
export { Freshness, freshnessOf } from "./freshness.ts";
export { parentState, refreshableAt, requestableAt, withParentFreshness } from "./parent.ts";
