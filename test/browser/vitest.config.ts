import { join } from "node:path";
import { defineConfig } from "vitest/config";

/** The whole product in a browser: `npx vitest run --config test/browser/vitest.config.ts` with CHROMIUM_PATH set. */
export default defineConfig({
  test: {
    root: join(import.meta.dirname, ".."),
    include: ["{browser,home}/**/*.test.ts"],
    pool: "forks",
    // Each file runs a product and a browser of its own: side by side they only take each other's time.
    fileParallelism: false,
    testTimeout: 400_000,
    hookTimeout: 400_000,
    // A later step of a journey means nothing once an earlier one failed.
    bail: 1,
  },
});
