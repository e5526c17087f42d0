export { startTestStack, type TestStack } from "./stack.ts";
export { createClockOffset, installSimulatedClock, setClockOffset } from "../runtime/simulated-clock.ts";
