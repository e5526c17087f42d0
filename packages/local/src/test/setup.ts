import { inject } from "vitest";
import { startUsualClock } from "./clock.ts";

/** Points this worker's clients at the run's stack before the first import of a test file reads the environment. */
Object.assign(process.env, inject("environment"));

startUsualClock();

/** The product's log is output of the test that caused it, which vitest shows only if the test fails. */
process.stdout.write = (chunk: Uint8Array | string, ...rest: unknown[]) => {
  console.log((typeof chunk === "string" ? chunk : Buffer.from(chunk).toString()).trimEnd());
  const done = rest.at(-1);
  if (typeof done === "function") done();
  return true;
};
