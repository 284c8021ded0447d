// Programs over the generated types: `@ts-expect-error` marks what must not compile.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

import { here, link, packageFolder, read, repository } from "./packages.mjs";

const run = promisify(execFile);
link("events", "constructs");

async function compile(compiler, ...options) {
  return compileProject(compiler, path.join(here, "types"), ...options);
}

async function compileProject(compiler, folder, ...options) {
  const script = path.join(here, "node_modules", compiler, "bin/tsc");
  const project = [script, "--project", folder, "--pretty", "false"];
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

test("a page needs no library later than es2018", async () => {
  assert.equal(await compile("typescript", "--lib", "es2018,dom", "--target", "es2018"), "");
});

test("a service in Node needs no types of browsers", async () => {
  assert.equal(await compileProject("typescript", path.join(here, "service")), "");
});

test("the example application compiles, and is short", async () => {
  const board = path.join(here, "board");
  assert.equal(await compileProject("typescript", board), "");
  const sources = readdirSync(board).filter((file) => /\.tsx?$/.test(file));
  const lines = sources.flatMap((file) => readFileSync(path.join(board, file), "utf8").trimEnd().split("\n"));
  assert.ok(lines.length < 100, `${lines.length} lines`);
});

// Each application, the package that it was written for, and those that came after.
const revisions = [
  ["released-0.1.0", "released-0.1.0", "released-0.2.0", "events"],
  ["released-0.2.0", "released-0.2.0", "events"],
  ["grown-old", "grown-old", "grown-new"],
];
for (const [application, ...packages] of revisions) {
  for (const name of packages) {
    test(`an application written for ${application} compiles against ${name}`, async () => {
      const folder = path.join(here, "node_modules/.revisions", application, name);
      mkdirSync(folder, { recursive: true });
      const types = packageFolder(name);
      const paths = { "@example/events": [`${types}/index.d.ts`], "@example/events/*": [`${types}/*.d.ts`] };
      const config = {
        extends: "../../../../types/tsconfig.json",
        compilerOptions: { paths, rootDir: "/" },
        files: [path.join(here, "revisions", `${application}.ts`)],
      };
      writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify({ ...config, include: [] }));
      assert.equal(await compileProject("typescript", folder), "");
    });
  }
}

test("what the package's own page and the documentation show compiles", async () => {
  const documented = path.join(repository, "generated/docs/events");
  const pages = readdirSync(documented).map((page) => [page, readFileSync(path.join(documented, page), "utf8")]);
  const folder = path.join(here, "node_modules/.shown");
  rmSync(folder, { force: true, recursive: true });
  mkdirSync(folder, { recursive: true });
  let shown = 0;
  for (const [page, text] of [["README.md", read("events", "README.md")], ...pages]) {
    const scripts = [...text.matchAll(/^```ts\n(.*?)^```$/gms)];
    if (!text.includes("**Retired**")) assert.ok(scripts.length > 0, `${page} shows no listener`);
    for (const [, script] of scripts) writeFileSync(path.join(folder, `${page}.${++shown}.ts`), script);
  }
  writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify({ extends: "../../types/tsconfig.json", include: ["*.ts"] }));
  assert.equal(await compileProject("typescript", folder), "");
});
