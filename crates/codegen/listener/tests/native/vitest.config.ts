/** Needs Chromium, and a growset in GROWSET; `cargo xtask test` has both. */
import { defineConfig } from "vitest/config";
import { PATIENCE } from "../support/patience.js";

export default defineConfig({
  test: {
    include: ["tests/native/**/*.test.ts"],
    fileParallelism: false,
    // Above what a step waits for, so that a failure says which step it was.
    testTimeout: 4 * PATIENCE,
    hookTimeout: 4 * PATIENCE,
    expect: { poll: { timeout: PATIENCE } },
  },
});
