export { nextFire } from "./expression.ts";
export { type Schedule, type Scheduler, startScheduler } from "./scheduler.ts";
