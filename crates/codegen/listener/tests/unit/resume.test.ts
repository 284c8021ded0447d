/** Position, duplicates and gaps. */
import { beforeEach, expect, test } from "vitest";
import { Clock, settle } from "../support/clock.js";
import { connect, record } from "../support/events.js";
import { sources } from "../support/source.js";

let clock: Clock;
let native: ReturnType<typeof sources>;

beforeEach(() => {
  clock = new Clock();
  native = sources();
  clock.EventSource = native.EventSource;
});

const open = async (lastEventId?: string) => {
  const stream = connect("/events", {
    events: ["order.created"],
    environment: clock,
    ...(lastEventId ? { lastEventId } : {}),
  });
  const lines = record(stream);
  await settle();
  native.last().greet();
  return { stream, lines };
};

const reconnect = async (greeting: object) => {
  native.last().break();
  await clock.pass(1500);
  native.last().greet(greeting);
};

test("a source that is made anew carries the last id in its query", async () => {
  const { stream } = await open();
  native.last().send("order.created", { orderId: "a" }, "1-41");
  await reconnect({ resume: "exact" });
  expect(native.last().query.get("lastEventId")).toBe("1-41");
  expect(stream.lastEventId).toBe("1-41");
});

test("a ping moves the position on, for a listener whose events are rare", async () => {
  await open();
  native.last().send("growset.ping", {}, "1-99");
  await reconnect({ resume: "exact" });
  expect(native.last().query.get("lastEventId")).toBe("1-99");
});

test("a stream can resume where an earlier one said it was", async () => {
  await open("1-7");
  expect(native.made[0]?.query.get("lastEventId")).toBe("1-7");
});

test("events without ids that repeat one another are all delivered", async () => {
  const { lines } = await open();
  native.last().send("order.created", { orderId: "a" }, "1-1");
  for (let n = 0; n < 3; n++) native.last().send("order.created", { orderId: "b" });
  native.last().send("order.created", { orderId: "a" }, "1-1");
  expect(lines.filter((line) => line.startsWith("order"))).toEqual([
    "order.created a #1-1",
    "order.created b",
    "order.created b",
    "order.created b",
  ]);
});

test("an event that is replayed is delivered once", async () => {
  const { lines } = await open();
  native.last().send("order.created", { orderId: "a" }, "1-1");
  native.last().send("order.created", { orderId: "b" }, "1-2");
  await reconnect({ resume: "exact" });
  native.last().send("order.created", { orderId: "a" }, "1-1");
  native.last().send("order.created", { orderId: "b" }, "1-2");
  native.last().send("order.created", { orderId: "c" }, "1-3");
  expect(lines.filter((line) => line.startsWith("order"))).toEqual([
    "order.created a #1-1",
    "order.created b #1-2",
    "order.created c #1-3",
  ]);
});

test("the same event twice in a row on one connection is delivered once", async () => {
  const { lines } = await open();
  native.last().send("order.created", { orderId: "a" }, "1-1");
  native.last().send("order.created", { orderId: "a" }, "1-1");
  expect(lines.filter((line) => line.startsWith("order"))).toEqual(["order.created a #1-1"]);
});

test("retained events without an id are no duplicates of each other, though the browser repeats an id", async () => {
  const { lines } = await open();
  native.last().send("growset.ping", {}, "1-5");
  native.last().send("order.created", { orderId: "a" });
  native.last().send("order.created", { orderId: "b" });
  native.last().send("order.created", { orderId: "c" });
  native.last().send("order.created", { orderId: "d" }, "1-6");
  expect(lines.filter((line) => line.startsWith("order"))).toEqual([
    "order.created a",
    "order.created b",
    "order.created c",
    "order.created d #1-6",
  ]);
});

test("the window of ids is bounded", async () => {
  const { lines } = await open();
  for (let n = 0; n <= 1000; n++) native.last().send("order.created", { orderId: n }, `1-${n}`);
  native.last().send("order.created", { orderId: "again" }, "1-1");
  native.last().send("order.created", { orderId: "forgotten" }, "1-0");
  expect(lines.slice(-2)).toEqual(["order.created 1000 #1-1000", "order.created forgotten #1-0"]);
});

test("an id that no header could carry back is not resumed from", async () => {
  const { stream } = await open();
  native.last().send("order.created", { orderId: "a" }, "1-1");
  native.last().send("order.created", { orderId: "b" }, "…");
  native.last().send("order.created", { orderId: "c" }, "x".repeat(129));
  expect(stream.lastEventId).toBe("1-1");
});

test("a gap that the server tells is passed on", async () => {
  const { lines } = await open();
  native.last().send("growset.gap", { from: "1-2", to: "1-9", reason: "trimmed" });
  expect(lines.at(-1)).toBe("gap trimmed");
});

test("to be taken for a newcomer after a first connection is a gap", async () => {
  const { lines } = await open();
  expect(lines).not.toContain("gap unknown");
  await reconnect({ resume: "new" });
  expect(lines.at(-1)).toBe("gap unknown");
});

test("an exact resume is no gap", async () => {
  const { lines } = await open();
  await reconnect({ resume: "exact" });
  expect(lines.filter((line) => line.startsWith("gap"))).toEqual([]);
});
