/** Needs Chromium: `apt-get install chromium`, or its path in CHROMIUM. */
import { defineConfig } from "vitest/config";
import { PATIENCE } from "../support/patience.js";

export default defineConfig({
  test: {
    include: ["tests/browser/**/*.test.ts"],
    // Each has a browser of its own.
    maxWorkers: 2,
    // Above what a step waits for, so that a failure says which step it was.
    testTimeout: 4 * PATIENCE,
    hookTimeout: 4 * PATIENCE,
    expect: { poll: { timeout: PATIENCE } },
  },
});
