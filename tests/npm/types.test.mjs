// Programs over the generated types: `@ts-expect-error` marks what must not compile.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import path from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

import { here, link } from "./packages.mjs";

const run = promisify(execFile);
link("events", "constructs");

async function compile(compiler, ...options) {
  const script = path.join(here, "node_modules", compiler, "bin/tsc");
  const project = [script, "--project", path.join(here, "types"), "--pretty", "false"];
  const { stdout } = await run(process.execPath, [...project, ...options]).catch((failed) => failed);
  return stdout;
}

test("programs compile and fail as they should, and libraries over the types can be declared", async () => {
  const declared = path.join(here, "node_modules/.declared");
  const emit = ["--noEmit", "false", "--declaration", "--emitDeclarationOnly", "--outDir", declared];
  assert.equal(await compile("typescript", ...emit), "");
});

test("programs compile and fail under the last compiler written in JavaScript as well", async () => {
  assert.equal(await compile("typescript6"), "");
});
