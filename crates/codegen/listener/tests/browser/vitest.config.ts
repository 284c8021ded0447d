/** Needs Chromium: `apt-get install chromium`, or its path in CHROMIUM. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/browser/**/*.test.ts"],
    // Each has a browser of its own.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // What another process notices in its own time may take a while on a busy machine.
    expect: { poll: { timeout: 20_000 } },
  },
});
