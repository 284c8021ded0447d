// The package as a stranger gets it: packed, installed by npm into a fresh application and beside a plain script.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { before, test } from "node:test";
import { promisify } from "node:util";

import { here, packageFolder } from "./packages.mjs";

const run = promisify(execFile);
const fresh = path.join(here, "fresh");
const inFresh = (command, ...options) => run(command, options, { cwd: fresh, env: { ...process.env, NO_COLOR: "1" } });
const attempt = (...command) => inFresh(...command).catch((failed) => failed);

before(async () => {
  assert.ok(existsSync(path.join(fresh, "node_modules/vite")), "run `npm ci` in tests/npm/fresh, or `cargo xtask test`");
  const packed = path.join(here, "node_modules/.packed");
  rmSync(packed, { force: true, recursive: true });
  mkdirSync(packed, { recursive: true });
  await run("npm", ["pack", "--ignore-scripts", "--pack-destination", packed], { cwd: packageFolder("events") });
  const [archive] = readdirSync(packed);
  rmSync(path.join(fresh, "node_modules/@example"), { force: true, recursive: true });
  // Nothing is fetched: a package that depended on another would fail here.
  const settings = ["--offline", "--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"];
  await inFresh("npm", "install", ...settings, path.join(packed, archive));
});

test("what is installed depends on nothing", () => {
  const manifest = JSON.parse(readFileSync(path.join(fresh, "node_modules/@example/events/package.json"), "utf8"));
  assert.equal(manifest.dependencies, undefined);
  assert.deepEqual(Object.keys(manifest.peerDependencies), Object.keys(manifest.peerDependenciesMeta));
  assert.ok(Object.values(manifest.peerDependenciesMeta).every(({ optional }) => optional));
});

test("a fresh application of Vite and React compiles and builds, and ships only what it uses", async () => {
  const { code, stdout, stderr } = await attempt("npm", "run", "--silent", "build");
  assert.equal(code, undefined, `${stdout}${stderr}`);
  const assets = path.join(fresh, "node_modules/.dist/assets");
  const [script, ...others] = readdirSync(assets).map((file) => readFileSync(path.join(assets, file), "utf8"));
  assert.deepEqual(others, []);
  assert.ok(script.includes("order.created"));
  for (const unused of ["deliverable.accepted", "BroadcastChannel", "/poll", "~standard"]) {
    assert.ok(!script.includes(unused), unused);
  }
});

test("installed from its folder, as its page says, it is no link, so that the application's React is the only one", async () => {
  const application = path.join(here, "node_modules/.elsewhere");
  rmSync(application, { force: true, recursive: true });
  mkdirSync(application, { recursive: true });
  writeFileSync(path.join(application, "package.json"), "{}");
  const settings = ["--offline", "--ignore-scripts", "--no-audit", "--no-fund", "--install-links"];
  await run("npm", ["install", ...settings, packageFolder("events")], { cwd: application });
  assert.ok(lstatSync(path.join(application, "node_modules/@example/events")).isDirectory());
});

test("a plain script in Node hears an event", async (t) => {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const data = { orderId: "ord_1", title: "Logo redesign", total: 5, currency: "EUR" };
    response.write(`event: order.created\nid: 1-1\ndata: ${JSON.stringify(data)}\n\n`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const { stdout } = await inFresh(process.execPath, "script.mjs", `http://127.0.0.1:${server.address().port}/events`);
  assert.equal(stdout, "Logo redesign\n");
});
