import type { TestProject } from "vitest/node";
import { guardProcess } from "../host/environment.ts";
import { startTestStack } from "./stack.ts";

declare module "vitest" {
  interface ProvidedContext {
    environment: Record<string, string>;
  }
}

/** One stack for a whole vitest run; test files keep apart by random ids. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  guardProcess();
  const stack = await startTestStack();
  project.provide("environment", stack.environment);
  return stack.close;
}
