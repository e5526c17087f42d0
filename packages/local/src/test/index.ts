export { startTestStack, type TestStack } from "./stack.ts";
