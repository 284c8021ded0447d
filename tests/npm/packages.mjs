// Where the packages under test are: written by `cargo test`, linked here under the names that they bear.

import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";
import path from "node:path";

export const here = path.dirname(fileURLToPath(import.meta.url));
export const repository = path.resolve(here, "../..");
const target = process.env.CARGO_TARGET_DIR ?? path.join(repository, "target");

/** The folder of a package: `events` is our own catalog, the others are fixtures. */
export function packageFolder(name) {
  const folder = path.join(target, "typescript-fixtures", name);
  if (!existsSync(folder)) {
    throw new Error(`${folder} is missing: run \`cargo test -p growset-tests typescript\` first`);
  }
  return folder;
}

export const packageNames = ["constructs", "empty", "events", "hostile"];

export function read(name, file) {
  return readFileSync(path.join(packageFolder(name), file), "utf8");
}

/** Makes `@example/<name>` importable from here. */
export function link(...names) {
  const scope = path.join(here, "node_modules/@example");
  mkdirSync(scope, { recursive: true });
  for (const name of names) {
    const from = path.join(scope, name);
    rmSync(from, { force: true, recursive: true });
    symlinkSync(packageFolder(name), from, "junction");
  }
}
