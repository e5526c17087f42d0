import { defineConfig } from "vitest/config";

/** Everything but the browser tests, which have a configuration of their own (test/browser). */
export default defineConfig({
  test: {
    include: ["packages/**/src/**/*.test.{ts,tsx}", "infra/**/*.test.ts", "scripts/**/*.test.ts", "bench/**/*.test.ts"],
    globalSetup: "packages/local/src/test/global-setup.ts",
    setupFiles: "packages/local/src/test/setup.ts",
    pool: "forks",
    // One more than two cores: each waits for its servers half of the time (483 s in place of 615).
    maxWorkers: 3,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A busy machine must not make a test fail that only waits for something to happen.
    expect: { poll: { timeout: 20_000 } },
    // What a test prints is shown when it fails.
    silent: "passed-only",
  },
});
