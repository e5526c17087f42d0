import { inject } from "vitest";

/** Points this worker's clients at the run's stack before the first import of a test file reads the environment. */
Object.assign(process.env, inject("environment"));
