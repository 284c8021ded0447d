// The packages as a registry and a bundler see them.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

import { here, packageFolder, packageNames, read, repository } from "./packages.mjs";

const run = promisify(execFile);
const tool = (name) => path.join(here, "node_modules/.bin", name);
const attempt = (name, ...options) => run(tool(name), options).catch((failed) => failed);

for (const name of ["constructs", "empty", "events"]) {
  test(`publint finds nothing in ${name}`, async () => {
    const { code, stdout } = await attempt("publint", "--strict", packageFolder(name));
    assert.equal(code, undefined, stdout);
  });
}

test("every way of resolving the package finds the right types", async () => {
  // It is an ES module alone, which the ignored rule would call a problem of old CommonJS callers.
  const options = ["--pack", packageFolder("events"), "--ignore-rules", "cjs-resolves-to-esm", "--no-color", "--no-emoji"];
  const { code, stdout } = await attempt("attw", ...options);
  assert.equal(code, undefined, stdout);
});

test("the package holds what its manifest and its maps name, and no more", async () => {
  const { stdout } = await run("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { cwd: packageFolder("events") });
  const packed = JSON.parse(stdout)[0].files.map((file) => file.path).sort();
  const contracts = JSON.parse(read("events", "index.d.ts.map")).sources.map(decodeURIComponent);
  const entries = ["index", "dom", "client", "react", "query", "publish", "testing"].flatMap((name) => [`${name}.js`, `${name}.d.ts`]);
  const listener = readdirSync(path.join(repository, "crates/codegen/listener/dist")).map((file) => `listener/${file}`);
  const { events } = JSON.parse(read("events", "expected.json"));
  const validators = readdirSync(path.join(packageFolder("events"), "validate")).map((file) => `validate/${file}`);
  assert.ok(events.every((event) => validators.includes(`validate/${event}.js`)), validators.join());
  const own = ["README.md", "index.d.ts.map", "package.json", ...entries, ...listener, ...validators];
  assert.deepEqual(packed, [...own, ...contracts].sort());
  assert.ok(contracts.includes("contracts/orders/order.created.yaml"), contracts.join());
  assert.ok(contracts.includes("contracts/orders/orders.types.yaml"), contracts.join());
});

for (const name of packageNames) {
  test(`what runs of ${name} is the names of its events`, async () => {
    const module = await import(pathToFileURL(path.join(packageFolder(name), "index.js")));
    const { eventNames, ...constants } = module;
    const { events } = JSON.parse(read(name, "expected.json"));
    assert.deepEqual(eventNames, events);
    assert.deepEqual(Object.values(constants).sort(), events);
    assert.deepEqual(Object.keys(await import(pathToFileURL(path.join(packageFolder(name), "dom.js")))), []);
    assert.equal(globalThis.PWNED, undefined);
  });
}
