/** Holds what is shipped to what is written. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { build } from "../../scripts/build.js";

const files = (folder: string) =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]));

test("dist is what src compiles to; npm run build mends it", () => {
  const folder = mkdtempSync(join(tmpdir(), "listener-"));
  try {
    build(folder);
    expect(files(new URL("../../dist", import.meta.url).pathname)).toEqual(files(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);
