// The listener as an application has it: installed among its other packages, against a server.

import assert from "node:assert/strict";
import { once } from "node:events";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { createElement } from "react";
import { renderToString } from "react-dom/server";

import { here, packageFolder, read } from "./packages.mjs";

// A copy, since through a link Node would look for React beside the package's source.
const installed = path.join(here, "node_modules/.installed/events");
rmSync(installed, { force: true, recursive: true });
mkdirSync(installed, { recursive: true });
cpSync(packageFolder("events"), installed, { recursive: true });
const entry = (name) => import(pathToFileURL(path.join(installed, name)));

/** Greets, answers each connection with the frames given for it, and ends it. */
async function serve(t, ...answers) {
  const requests = [];
  const server = createServer((request, response) => {
    requests.push({ query: new URL(request.url, "http://localhost").searchParams, headers: request.headers });
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write('retry: 1\n\nevent: growset.connected\ndata: {"pingMs":15000}\n\n');
    response.end(answers.shift());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  return { requests, url: `http://127.0.0.1:${server.address().port}/events` };
}

test("a script in Node listens, resumes, and says what it was built with", async (t) => {
  const { connect, fetchTransport, match } = await entry("client.js");
  const { requests, url } = await serve(
    t,
    'event: order.created\nid: 1-1\ndata: {"orderId":"ord_1"}\n\n',
    'event: order.created\nid: 1-1\ndata: {"orderId":"ord_1"}\n\nevent: pet.added\nid: 1-2\ndata: {"petId":"pet_1"}\n\n',
  );
  const seen = [];
  for await (const event of connect(url, { events: ["order.created", "pet.added"], until: "pet.added", transport: fetchTransport() })) {
    seen.push(match(event, { "order.created": ({ data }) => data.orderId, "pet.added": ({ data }) => data.petId }));
  }
  assert.deepEqual(seen, ["ord_1", "pet_1"]);
  const { version } = JSON.parse(read("events", "package.json"));
  const [first, second] = requests;
  assert.equal(first.query.get("events"), "order.created,pet.added");
  assert.equal(first.query.get("version"), version);
  assert.match(first.query.get("catalog"), /^[0-9a-f]{16}$/);
  assert.deepEqual([first.headers["last-event-id"], second.headers["last-event-id"]], [undefined, "1-1"]);
});

test("a service publishes, and is told what the server found", async (t) => {
  const requests = [];
  const answers = [503, 201, 422];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    requests.push(JSON.parse(body));
    const status = answers.shift();
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(status === 201 ? { id: "1-1" } : { detail: "/title: expected 1 to 200 characters" }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const { publishTo, PublishError } = await entry("publish.js");
  const publish = publishTo(`http://127.0.0.1:${server.address().port}/publish`, { retryMs: 0 });
  const order = { orderId: "ord_1", title: "Logo", total: 5, currency: "EUR" };
  assert.deepEqual(await publish("order.created", { org: "acme" }, order), { id: "1-1" });
  const [first, second] = requests;
  assert.deepEqual({ ...first, key: undefined }, { event: "order.created", org: "acme", data: order, key: undefined });
  assert.match(first.key, /^[0-9a-f-]{36}$/);
  assert.deepEqual(second, first);
  const refused = publish("order.created", { org: "acme" }, { ...order, title: "" });
  await assert.rejects(refused, new PublishError(422, { detail: "/title: expected 1 to 200 characters" }));
});

test("a test of an application plays the server, with the examples of the contracts", async () => {
  const { connect } = await entry("client.js");
  const { fakeServer, fixture } = await entry("testing.js");
  const server = fakeServer();
  const stream = connect("/events", { events: ["order.created", "pet.added"], until: "pet.added", ...server.options });
  const titles = [];
  stream.on("order.created", ({ data }) => titles.push(`${data.title} for ${data.displayAmount}`));
  await server.connected();
  server.send("order.created", { title: "Logo" });
  server.drop();
  server.send("pet.added");
  for await (const _ of stream);
  const { title, displayAmount } = fixture("order.created").data;
  assert.deepEqual(titles, [`Logo for ${displayAmount}`]);
  assert.notEqual(title, "Logo");
  assert.equal(stream.state.current, "closed");
});

test("a component of React is rendered on a server without a connection", async (t) => {
  const { requests, url } = await serve(t);
  const { useEvents } = await entry("react.js");
  const Badge = () => createElement("b", null, useEvents(url, { "order.created": () => {} }));
  assert.equal(renderToString(createElement(Badge)), "<b>connecting</b>");
  assert.deepEqual(requests, []);
});

test("an event makes the cached answers of TanStack Query stale", async (t) => {
  const { connect, fetchTransport } = await entry("client.js");
  const { invalidateOn } = await entry("query.js");
  const { url } = await serve(t, 'event: order.created\nid: 1-1\ndata: {"orderId":"ord_1"}\n\n');
  const stream = connect(url, { events: ["order.created"], transport: fetchTransport() });
  t.after(() => stream.close());
  const stale = new Promise((resolve) => {
    invalidateOn(stream, { invalidateQueries: resolve }, { "order.created": ({ data }) => [["orders", data.orderId]] });
  });
  assert.deepEqual(await stale, { queryKey: ["orders", "ord_1"] });
});
