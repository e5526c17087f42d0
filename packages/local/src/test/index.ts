export { createClockOffset, installSimulatedClock, setClockOffset } from "../runtime/simulated-clock.ts";
export { startClockAt } from "./clock.ts";
export { startTestStack, type TestStack } from "./stack.ts";
