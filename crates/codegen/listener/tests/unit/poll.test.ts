/** Falling back to polling, and coming back from it. */
import { beforeEach, expect, test } from "vitest";
import { pollFallback } from "../../src/client.js";
import { Clock, settle } from "../support/clock.js";
import { connect, record } from "../support/events.js";
import { sources } from "../support/source.js";

const PING = 15_000;
let clock: Clock;
let native: ReturnType<typeof sources>;
let polls: URLSearchParams[];
let answer: () => Response;

const json = (value: unknown) => new Response(JSON.stringify(value));

beforeEach(() => {
  clock = new Clock();
  clock.chance = 0;
  native = sources();
  clock.EventSource = native.EventSource;
  polls = [];
  answer = () => json({ frames: [], next: "1-0", retryMs: 2000 });
  clock.fetch = async (url) => {
    const { pathname, searchParams } = new URL(url, "http://page");
    if (pathname !== "/poll") return new Response(null, { status: 503 });
    polls.push(searchParams);
    return answer();
  };
});

const open = () => {
  const stream = connect("/events", {
    events: ["order.created"],
    fallback: pollFallback({ url: "/poll" }),
    environment: clock,
  });
  return { stream, log: record(stream) };
};

/** A proxy that holds the answer back: the source opens and stays silent. */
const hold = () => clock.pass(PING);

test("three attempts that brought nothing are followed by polling", async () => {
  const { log } = open();
  answer = () =>
    json({ frames: [{ id: "1-4", event: "order.created", data: { orderId: "a" } }], next: "1-9" });
  await hold();
  await hold();
  expect(polls).toEqual([]);
  await hold();
  expect([...log]).toEqual(["connecting", "retrying (silence)", "polling", "order.created a #1-4"]);
  expect(Object.fromEntries(polls[0] ?? [])).toEqual({
    events: "order.created",
    catalog: "9f2c",
    version: "1.4.0",
  });
});

test("asks again after the time the server says, from where it was", async () => {
  const { stream } = open();
  for (let n = 0; n < 3; n++) await hold();
  answer = () => json({ frames: [], next: "1-12", retryMs: 5000 });
  await clock.pass(2000);
  expect(polls.map((query) => query.get("after"))).toEqual([null, "1-0"]);
  await clock.pass(4999);
  expect(polls).toHaveLength(2);
  await clock.pass(1);
  expect(polls.at(-1)?.get("after")).toBe("1-12");
  expect(stream.lastEventId).toBe("1-12");
});

test("looks soon whether the stream comes through, then ever more rarely, and says nothing of it", async () => {
  const { log } = open();
  for (let n = 0; n < 3; n++) await hold();
  const looks = [];
  for (let began = clock.time; looks.length < 6; ) {
    const made = native.made.length;
    await clock.pass(1000);
    if (native.made.length === made) continue;
    looks.push(Math.round((clock.time - began) / 1000));
    await hold();
    began = clock.time;
  }
  expect(looks).toEqual([30, 60, 120, 240, 300, 300]);
  expect([...log]).toEqual(["connecting", "retrying (silence)", "polling"]);
  const before = polls.length;
  await clock.pass(2000);
  expect(polls.length).toBeGreaterThan(before);
});

test("a server that is away for long is no proxy: nothing polls, and the stream is back with it", async () => {
  const { log } = open();
  clock.chance = 0.5;
  await settle();
  for (let n = 0; n < 10; n++) {
    if (n % 2) native.last().break();
    else native.last().refuse();
    await settle();
    await clock.pass(clock.nextIn ?? 0);
  }
  native.last().greet();
  expect(polls).toEqual([]);
  expect(log.at(-1)).toBe("live");
});

test("the greeting of a session of polls is told once, unless something is missing", async () => {
  const { stream } = open();
  const told: unknown[] = [];
  stream.on("growset.connected", ({ data }) => told.push(data.resume));
  let resume = "new";
  answer = () => {
    const frames = [{ id: "1-0", event: "growset.connected", data: { resume } }];
    resume = "exact";
    return json({ frames, next: "1-0", retryMs: 2000 });
  };
  for (let n = 0; n < 3; n++) await hold();
  await clock.pass(60_000);
  expect(told).toEqual(["new"]);
  resume = "gap";
  await clock.pass(2000);
  expect(told).toEqual(["new", "gap"]);
});

test("a pause that is longer than the server's silence may be is no silence", async () => {
  const { log } = open();
  answer = () => json({ frames: [], next: "1-0", retryMs: 25_000 });
  for (let n = 0; n < 3; n++) await hold();
  await clock.pass(29_000);
  expect(log.at(-1)).toBe("polling");
  expect(polls).toHaveLength(2);
});

test("a poll without an answer is given up, and tried again", async () => {
  const { log } = open();
  clock.fetch = (_, { signal }) =>
    new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  for (let n = 0; n < 4; n++) await hold();
  expect(log.at(-1)).toBe("retrying (silence)");
  expect(native.made).toHaveLength(4);
});

test("goes back to the stream, from the last id, as soon as that works", async () => {
  const { log } = open();
  for (let n = 0; n < 3; n++) await hold();
  await clock.pass(30_000);
  native.last().greet({ resume: "exact" });
  expect(native.last().query.get("lastEventId")).toBe("1-0");
  const before = polls.length;
  await clock.pass(20_000);
  expect(polls).toHaveLength(before);
  expect(log.at(-1)).toBe("live");
});

test("polling that fails is retried, with the stream in turn", async () => {
  const { log } = open();
  answer = () => new Response(null, { status: 502 });
  for (let n = 0; n < 3; n++) await hold();
  expect(log.at(-1)).toBe("retrying (502)");
  await hold();
  await settle();
  expect(polls).toHaveLength(2);
  expect(native.made).toHaveLength(5);
});

test("polling that worked and fails says so, and backs off", async () => {
  const { log } = open();
  for (let n = 0; n < 3; n++) await hold();
  expect(log.at(-1)).toBe("polling");
  answer = () => new Response(null, { status: 502 });
  clock.chance = 0.5;
  await clock.pass(2000);
  expect(log.at(-1)).toBe("retrying (502)");
  expect(clock.nextIn).toBeGreaterThan(1000);
});

test("an answer that is no JSON is a failure", async () => {
  const { log } = open();
  answer = () => new Response("<html>");
  for (let n = 0; n < 3; n++) await hold();
  expect(log.at(-1)).toMatch(/^retrying \(SyntaxError/);
});

test.each([
  [401, "denied (401)"],
  [403, "denied (403)"],
])("%d stops for good", async (status, last) => {
  const { log } = open();
  answer = () => new Response(null, { status });
  for (let n = 0; n < 3; n++) await hold();
  expect(log.at(-1)).toBe(last);
  expect(clock.timers.size).toBe(0);
});

test("close ends polling", async () => {
  const { stream } = open();
  for (let n = 0; n < 3; n++) await hold();
  stream.close();
  const before = polls.length;
  await clock.pass(600_000);
  expect(polls).toHaveLength(before);
});

test("a browser without EventSource polls at once", async () => {
  clock.EventSource = undefined;
  const { log } = open();
  await settle();
  expect([...log]).toEqual(["connecting", "polling"]);
});

test.each([0, -1, 1, "soon", null])(
  "a server that says retryMs %j is asked with a pause",
  async (retryMs) => {
    open();
    for (let attempt = 0; attempt < 3; attempt++) await hold();
    answer = () => json({ frames: [], next: "1-0", retryMs });
    await clock.pass(0);
    const before = polls.length;
    await clock.pass(99);
    expect(polls.length - before).toBeLessThanOrEqual(1);
  },
);
