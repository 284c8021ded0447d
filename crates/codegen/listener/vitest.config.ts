import { defineConfig } from "vitest/config";
import { PATIENCE } from "./tests/support/patience.js";

export default defineConfig({
  test: { include: ["tests/unit/**/*.test.{ts,tsx}"], testTimeout: PATIENCE, hookTimeout: PATIENCE },
});
