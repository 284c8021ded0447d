/** The test kit: the real client against a server in the same process. */
import { afterEach, expect, test } from "vitest";
import { mswHandlers, testing } from "../../src/testing.js";
import { connect, type EventMap, record } from "../support/events.js";

const { fakeServer, fixture } = testing<EventMap>({
  "order.created": [{ orderId: "ord_1", total: 100 }],
  "order.status.changed": [{ orderId: "ord_1", to: "paid" }],
  "order.closed": [{ orderId: "ord_1" }],
  order_update: [{ orderId: "ord_1" }],
});

const open = () => {
  const server = fakeServer();
  const stream = connect("/events", {
    events: ["order.created", "order.status.changed"],
    ...server.options,
  });
  closing = stream.close;
  return { server, stream, log: record(stream) };
};

let closing = () => {};
afterEach(() => closing());

test("a fixture is the contract's example with fields of the test's own", () => {
  expect(fixture("order.created", { total: 5 })).toMatchObject({
    event: "order.created",
    data: { orderId: "ord_1", total: 5 },
  });
  expect(fixture("order.created").id).not.toBe(fixture("order.created").id);
  // What one test does to its fixture, the next one does not see.
  Object.assign(fixture("order.created").data, { orderId: "changed" });
  expect(fixture("order.created").data.orderId).toBe("ord_1");
});

test("what is sent arrives, and what was not asked for does not", async () => {
  const { server, log } = open();
  await server.connected();
  server.send("order.closed");
  const sent = server.send("order.created", { orderId: "ord_2" });
  expect(sent.data).toEqual({ orderId: "ord_2", total: 100 });
  await log.until("order.created ord_2 #fake-2");
  expect([...log]).toEqual(["connecting", "live", "order.created ord_2 #fake-2"]);
});

test("a connection that is dropped comes back and misses nothing", async () => {
  const { server, log } = open();
  await server.connected();
  server.send("order.created", { orderId: "a" });
  await log.until("order.created a #fake-1");
  server.drop();
  server.send("order.created", { orderId: "b" });
  await log.until("order.created b #fake-2");
  expect(log.slice(3)).toEqual(["retrying (lost)", "live", "order.created b #fake-2"]);
});

test("a connection that is dropped before it brought anything misses nothing either", async () => {
  const { server, log } = open();
  await server.connected();
  server.drop();
  server.send("order.created", { orderId: "a" });
  await log.until("order.created a #fake-1");
  expect(log.filter((line) => line.startsWith("gap"))).toEqual([]);
});

test("what was sent right before the connection dropped arrives as well", async () => {
  const { server, log } = open();
  await server.connected();
  server.send("order.created", { orderId: "a" });
  server.drop();
  server.send("order.created", { orderId: "b" });
  await log.until("order.created b #fake-2");
  expect(log.filter((line) => line.startsWith("order"))).toEqual([
    "order.created a #fake-1",
    "order.created b #fake-2",
  ]);
});

test("a server that says goodbye is asked again", async () => {
  const { server, log } = open();
  await server.connected();
  server.bye();
  await server.connected();
  await log.until("retrying (bye)");
  expect(server.open).toBe(1);
});

test("a history that is forgotten is a gap, and so is one that is told", async () => {
  const { server, log } = open();
  await server.connected();
  server.send("order.created", { orderId: "a" });
  await log.until("order.created a #fake-1");
  server.forget();
  server.drop();
  await log.until("gap unknown");
  server.gap("erased");
  await log.until("gap erased");
});

test("who connects after the history was forgotten misses nothing of what follows", async () => {
  const { server, log } = open();
  await server.connected();
  server.forget();
  server.drop();
  await log.until("gap unknown");
  server.drop();
  server.send("order.created", { orderId: "b" });
  await log.until("order.created b #fake-1001");
  expect(log.filter((line) => line.startsWith("gap"))).toEqual(["gap unknown"]);
});

test("a refusal stops the stream, with its reason", async () => {
  const { server, log } = open();
  await server.connected();
  server.refuse(401);
  await log.until("denied (401)");
  expect(server.open).toBe(0);
});

test("a server that is down is asked until it is up", async () => {
  const server = fakeServer();
  server.refuse(503);
  const stream = connect("/events", { events: ["order.created"], ...server.options });
  closing = stream.close;
  const log = record(stream);
  await log.until("retrying (503)");
  server.accept();
  await log.until("live");
});

test("any frame can be sent, one of a newer server and one that is no JSON included", async () => {
  const { server, log } = open();
  await server.connected();
  server.sendFrame({ event: "order.created", data: "{" });
  await log.until("unknown json order.created");
});

test("closing the stream leaves nothing open", async () => {
  const { server, stream } = open();
  await server.connected();
  stream.close();
  expect(server.open).toBe(0);
});

test("handlers for MSW answer GET and POST, each as the server would", async () => {
  const server = fakeServer();
  const http = {
    get: (path: string, answer: unknown) => ({ method: "GET", path, answer }),
    post: (path: string, answer: unknown) => ({ method: "POST", path, answer }),
  };
  const handlers = mswHandlers(http, "/events", server);
  expect(handlers.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /events", "POST /events"]);
  const answer = handlers[1]?.answer as (context: { request: Request }) => Promise<Response>;
  const body = JSON.stringify({ events: ["order.*"] });
  const leaving = new AbortController();
  const response = await answer({
    request: new Request("http://app/events", { method: "POST", body, signal: leaving.signal }),
  });
  server.send("order.closed");
  server.send("order_update");
  const reader = response.body?.getReader();
  const read = async () => new TextDecoder().decode((await reader?.read())?.value);
  expect(await read()).toContain("event: growset.connected");
  expect(await read()).toContain("event: order.closed");
  leaving.abort();
  await expect(read()).rejects.toThrow("aborted");
});
