/** Needs Chromium, and a growset in GROWSET; `cargo xtask test` has both. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/native/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
