/** The fetch transport against a server of its own, over a socket. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type FetchSettings, fetchTransport, type Options } from "../../src/client.js";
import { Clock } from "../support/clock.js";
import { connect, record } from "../support/events.js";
import { frame, Server } from "../support/server.js";

let clock: Clock;
let server: Server;
const greeting = frame("growset.connected", { resume: "new" });

beforeEach(async () => {
  clock = new Clock();
  server = await Server.start();
});
afterEach(() => server.stop());

const open = (settings?: FetchSettings, options: Partial<Options<"order.created" | "order.closed">> = {}) => {
  const stream = connect(`${server.origin}/events`, {
    events: ["order.created", "order.closed"],
    transport: fetchTransport(settings),
    environment: clock,
    ...options,
  });
  return { stream, log: record(stream) };
};

test("delivers what the server writes, whatever the chunks", async () => {
  const { stream, log } = open();
  const connection = await server.next();
  const text = `retry: 10\n\n${greeting}: comment\r\n${frame("order.created", { orderId: "ä…" }, "1-1")}`;
  connection.open();
  for (const byte of Buffer.from(text)) connection.response.write(Buffer.of(byte));
  await log.until("order.created ä… #1-1");
  expect([...log]).toEqual(["connecting", "live", "order.created ä… #1-1"]);
  stream.close();
  await connection.gone;
});

test("asks as an event source does, with the names in the query", async () => {
  const { stream } = open();
  const { request, query } = await server.next();
  expect(request.method).toBe("GET");
  expect(request.headers).toMatchObject({ accept: "text/event-stream" });
  expect(request.headers).not.toHaveProperty("last-event-id");
  expect(request.headers).not.toHaveProperty("content-type");
  expect(Object.fromEntries(query)).toEqual({
    events: "order.created,order.closed",
    catalog: "9f2c",
    version: "1.4.0",
  });
  stream.close();
});

test("carries headers, asked again on each attempt, and the last id", async () => {
  let token = 0;
  const { stream, log } = open({ headers: async () => ({ authorization: `Bearer ${++token}` }) });
  const first = await server.next();
  first.open(greeting, frame("order.created", { orderId: "a" }, "1-1"));
  await log.until("order.created a #1-1");
  first.kill();
  await log.next("retrying (TypeError: terminated)");
  await clock.pass(1500);
  const second = await server.next();
  expect(second.request.headers).toMatchObject({ authorization: "Bearer 2", "last-event-id": "1-1" });
  stream.close();
});

test("asks nothing of a runtime that knows no cache", async () => {
  const known = Object.getOwnPropertyDescriptor(Request.prototype, "cache") ?? {};
  const asked: unknown[] = [];
  clock.fetch = async (_, { cache }) => {
    asked.push(cache);
    return new Response(null, { status: 204 });
  };
  await open().log.until("closed (204)");
  Reflect.deleteProperty(Request.prototype, "cache");
  await open().log.until("closed (204)");
  Object.defineProperty(Request.prototype, "cache", known);
  expect(asked).toEqual(["no-store", undefined]);
});

test("headers that cannot be had are asked again", async () => {
  const headers = vi.fn().mockRejectedValueOnce(new Error("signed out")).mockResolvedValue({});
  const { stream, log } = open({ headers });
  await log.until("retrying (Error: signed out)");
  await clock.pass(1500);
  (await server.next()).open(greeting);
  await log.until("live");
  stream.close();
});

test("comes back after a clean close", async () => {
  const { stream, log } = open();
  const connection = await server.next();
  connection.open(greeting);
  await log.until("live");
  connection.end();
  await log.until("retrying (lost)");
  await clock.pass(1500);
  (await server.next()).open(greeting);
  await log.next("live");
  stream.close();
});

test("honours retry", async () => {
  const { stream, log } = open();
  const connection = await server.next();
  connection.open("retry: 20000\n\n", greeting);
  await log.until("live");
  connection.end();
  await log.until("retrying (lost)");
  expect(clock.nextIn).toBe(10_000);
  stream.close();
});

test("does not ask without pause where retry is nought", async () => {
  const { stream, log } = open();
  const connection = await server.next();
  connection.open("retry: 0\n\n", greeting);
  await log.until("live");
  connection.end();
  await log.until("retrying (lost)");
  expect(clock.nextIn).toBe(50);
  stream.close();
});

test("a comment keeps a quiet connection alive", async () => {
  const { stream, log } = open();
  const connection = await server.next();
  connection.open(greeting);
  await log.until("live");
  await clock.pass(22_500);
  expect(log.at(-1)).toBe("stale (silence)");
  connection.write(": heartbeat\n\n");
  await log.next("live");
  stream.close();
});

test("a dead connection is dropped, so that the server sees it go", async () => {
  const { stream, log } = open();
  const connection = await server.next();
  connection.open(greeting);
  await log.until("live");
  await clock.pass(30_000);
  expect(log).toContain("retrying (silence)");
  await connection.gone;
  stream.close();
});

describe("answers", () => {
  test.each([
    [204, "closed (204)"],
    [401, "denied (401)"],
    [403, "denied (403)"],
  ])("%d stops for good", async (status, last) => {
    const { log } = open();
    (await server.next()).status(status);
    await log.until(last);
    await clock.pass(600_000);
    expect(server.unanswered).toBe(0);
  });

  test.each([400, 404, 429, 500, 503])("%d is tried again", async (status) => {
    const { stream, log } = open();
    (await server.next()).status(status);
    await log.until(`retrying (${status})`);
    await clock.pass(1500);
    (await server.next()).open(greeting);
    await log.until("live");
    stream.close();
  });

  test.each([
    ["120", 120_000],
    ["Tue, 14 Nov 2023 22:14:20 GMT", 60_000],
    ["soon", 0],
    ["-5", 0],
    ["Tue, 14 Nov 2023 22:00:00 GMT", 0],
  ])("Retry-After: %s is waited for, and jitter after it", async (after, least) => {
    const { stream, log } = open();
    (await server.next()).response.writeHead(503, { "retry-after": after }).end();
    await log.until("retrying (503)");
    expect(clock.nextIn).toBe(least + 1500);
    stream.close();
  });

  test("401 in the middle stops", async () => {
    const { log } = open();
    const connection = await server.next();
    connection.open(greeting);
    await log.until("live");
    connection.end();
    await log.until("retrying (lost)");
    await clock.pass(1500);
    (await server.next()).status(401);
    await log.until("denied (401)");
  });

  test("a page of HTML with status 200 is no stream", async () => {
    const { stream, log } = open();
    const { response } = await server.next();
    response.writeHead(200, { "content-type": "text/html" }).end("data: x\n\n");
    await log.until("retrying (not an event stream)");
    stream.close();
  });
});

describe("a POST", () => {
  test("carries the subscription in its body and none in the address", async () => {
    const { stream } = open(
      { body: (subscription) => ({ ...subscription, prompt: "Hello" }) },
      { channel: "completion:7", until: "order.closed" },
    );
    const { request, body } = await server.next();
    expect([request.method, request.url, request.headers["content-type"]]).toEqual([
      "POST",
      "/events",
      "application/json",
    ]);
    expect(JSON.parse(body)).toEqual({
      events: ["order.created", "order.closed"],
      channel: "completion:7",
      until: "order.closed",
      catalog: "9f2c",
      version: "1.4.0",
      prompt: "Hello",
    });
    stream.close();
  });

  test("streams into a loop until the terminal event", async () => {
    const { stream } = open({ body: (subscription) => subscription }, { until: "order.closed" });
    const seen: string[] = [];
    const loop = (async () => {
      for await (const event of stream) seen.push(event.data.orderId);
    })();
    const connection = await server.next();
    connection.open(
      greeting,
      frame("order.created", { orderId: "a" }, "1-1"),
      frame("order.closed", { orderId: "b" }, "1-2"),
    );
    await loop;
    expect(seen).toEqual(["a", "b"]);
    expect(stream.state.reason).toBe("terminal");
    await connection.gone;
  });

  test("whose response is cut resumes, and ends on 204 when all was heard", async () => {
    const { stream, log } = open({ body: (subscription) => subscription }, { until: "order.closed" });
    const seen: string[] = [];
    const loop = (async () => {
      for await (const event of stream) seen.push(event.data.orderId);
    })();
    const first = await server.next();
    first.open(greeting, frame("order.created", { orderId: "a" }, "1-1"));
    await log.until("order.created a #1-1");
    first.kill();
    await log.next("retrying (TypeError: terminated)");
    await clock.pass(1500);
    const second = await server.next();
    expect(second.request.headers["last-event-id"]).toBe("1-1");
    second.status(204);
    await loop;
    expect(seen).toEqual(["a"]);
  });

  test("with an aborted signal is never sent", async () => {
    open({}, { signal: AbortSignal.abort() });
    await clock.pass(60_000);
    expect(server.unanswered).toBe(0);
  });
});

test("every event comes where no names are given, a newer one with data included", async () => {
  const stream = connect(`${server.origin}/events`, { transport: fetchTransport(), environment: clock });
  const log = record(stream);
  const connection = await server.next();
  expect(connection.query.has("events")).toBe(false);
  connection.open(greeting, frame("order_update", { orderId: "a" }), frame("order.newer", { orderId: "b" }));
  await log.until("order.newer b");
  expect([...log]).toEqual(["connecting", "live", "order_update a", "order.newer b"]);
  stream.close();
});

test("a pattern brings every event that begins so, a newer one included", async () => {
  const stream = connect(`${server.origin}/events`, {
    events: ["order.*"],
    transport: fetchTransport(),
    environment: clock,
  });
  const log = record(stream);
  const connection = await server.next();
  expect(connection.query.get("events")).toBe("order.*");
  const frames = ["order.created", "order.newer", "order_update", "border.created", "order"];
  connection.open(greeting, ...frames.map((name) => frame(name, { orderId: "a" })));
  await log.until("unknown name order");
  expect([...log].slice(2)).toEqual([
    "order.created a",
    "order.newer a",
    "unknown name order_update",
    "unknown name border.created",
    "unknown name order",
  ]);
  stream.close();
});

test.each(["*", "!", "~", "?", "0", "constructor", "__proto__"])(
  "an event named %s reaches the handlers of events, and no others",
  async (name) => {
    const stream = connect(`${server.origin}/events`, { transport: fetchTransport(), environment: clock });
    const log = record(stream);
    (await server.next()).open(greeting, frame(name, { orderId: "a" }));
    await log.until(`${name} a`);
    expect([...log]).toEqual(["connecting", "live", `${name} a`]);
    expect(clock.reported).toEqual([]);
    stream.close();
  },
);

test("names that were not asked for are unknown", async () => {
  const { stream, log } = open();
  (await server.next()).open(greeting, frame("order.newer", {}), "data: hello\n\n");
  await log.until("unknown json message");
  expect(log).toContain("unknown name order.newer");
  expect(stream.unknownCount).toBe(2);
  stream.close();
});
