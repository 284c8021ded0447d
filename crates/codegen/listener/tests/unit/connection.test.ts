/** The state machine, over a native source that the test plays and a clock that only the test moves. */
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Options } from "../../src/client.js";
import { Clock, settle } from "../support/clock.js";
import { connect, record } from "../support/events.js";
import { sources } from "../support/source.js";

const PING = 15_000;
let clock: Clock;
let native: ReturnType<typeof sources>;

const open = (options: Options<"order.created" | "order.closed"> = {}) => {
  const stream = connect("/events", {
    events: ["order.created", "order.closed"],
    environment: clock,
    ...options,
  });
  return { stream, lines: record(stream) };
};

beforeEach(() => {
  clock = new Clock();
  native = sources();
  clock.EventSource = native.EventSource;
  clock.fetch = async () => new Response(null, { status: 503 });
});

describe("connecting", () => {
  test("asks for the names, the catalog and the version, with cookies", async () => {
    open({ channel: "order:7" });
    await settle();
    expect(native.last().url).toBe(
      "/events?events=order.created%2Corder.closed&channel=order%3A7&catalog=9f2c&version=1.4.0",
    );
    expect(native.last().settings).toEqual({ withCredentials: true });
  });

  test("is live with the first frame, not before", async () => {
    const { lines } = open();
    await settle();
    native.last().dispatchEvent(new Event("open"));
    expect(lines).toEqual(["connecting"]);
    native.last().greet();
    expect(lines).toEqual(["connecting", "live"]);
  });

  test("a stream that is closed in the same breath costs no request", async () => {
    open().stream.close();
    await settle();
    expect(native.made).toHaveLength(0);
  });

  test("the address is asked again on every attempt", async () => {
    let ticket = 0;
    connect(async () => `/events?ticket=${++ticket}`, { events: ["order.created"], environment: clock });
    await settle();
    native.last().break();
    await clock.pass(60_000);
    expect(native.made.slice(0, 2).map(({ query }) => query.get("ticket"))).toEqual(["1", "2"]);
  });

  test("the address of a stream that is closed in the same breath is not asked", async () => {
    const url = vi.fn(() => "/events");
    connect(url, { events: ["order.created"], environment: clock }).close();
    await settle();
    expect(url).not.toHaveBeenCalled();
  });

  test("an address that cannot be had is tried again", async () => {
    const { stream, lines } = open();
    stream.close();
    const url = vi.fn().mockRejectedValueOnce(new Error("no ticket")).mockResolvedValue("/events");
    const other = connect(url, { events: ["order.created"], environment: clock });
    await clock.pass(1500);
    expect([other.state.current, native.made.length]).toEqual(["retrying", 1]);
    expect(other.state.reason).toBe("Error: no ticket");
    expect(lines.at(-1)).toBe("closed (closed)");
  });
});

describe("backoff", () => {
  test("is full jitter over a span that doubles with each failure up to sixteen times", async () => {
    clock.chance = 0.999_999;
    open();
    await settle();
    const spans = [];
    for (let failure = 0; failure < 7; failure++) {
      native.last().break();
      await settle();
      spans.push(Math.round(clock.nextIn ?? 0));
      await clock.pass(clock.nextIn ?? 0);
    }
    expect(spans).toEqual([3000, 6000, 12_000, 24_000, 48_000, 48_000, 48_000]);
  });

  test("goes by the retry time that the greeting says, which an EventSource hides", async () => {
    clock.chance = 0.999_999;
    open();
    await settle();
    native.last().greet({ resume: "new", pingMs: PING, retryMs: 20_000 });
    native.last().break();
    await settle();
    expect(Math.round(clock.nextIn ?? 0)).toBe(20_000);
  });

  test.each([0, -1, "soon", null, {}])("a retryMs of %j is ignored", async (retryMs) => {
    open();
    await settle();
    native.last().greet({ resume: "new", retryMs });
    native.last().break();
    await settle();
    expect(clock.nextIn).toBe(1500);
  });

  test("without luck starts at once", async () => {
    clock.chance = 0;
    open();
    await settle();
    native.last().break();
    await settle();
    expect(clock.nextIn).toBe(0);
  });

  test("starts over once a connection has stood for a ping interval", async () => {
    open();
    await settle();
    for (let failure = 0; failure < 3; failure++) {
      native.last().break();
      await clock.pass(12_000);
    }
    native.last().greet();
    await clock.pass(PING);
    native.last().send("growset.ping", {});
    native.last().break();
    await settle();
    expect(clock.nextIn).toBe(1500);
  });

  test("goes on growing where each connection breaks right after its greeting", async () => {
    open();
    await settle();
    const spans = [];
    for (let failure = 0; failure < 4; failure++) {
      native.last().greet({ resume: "new", pingMs: PING });
      native.last().break();
      await settle();
      spans.push(clock.nextIn);
      await clock.pass(clock.nextIn ?? 0);
    }
    expect(spans).toEqual([1500, 3000, 6000, 12_000]);
  });

  test("a source that broke is closed, so that the browser does not try as well", async () => {
    open();
    await settle();
    const source = native.last();
    source.break();
    expect(source.readyState).toBe(2);
  });

  test("growset.bye leaves at once and comes back after the time it says, plus jitter", async () => {
    const { lines } = open();
    await settle();
    native.last().greet();
    native.last().send("growset.bye", { retryMs: 20_000 });
    await settle();
    expect(lines.at(-1)).toBe("retrying (bye)");
    expect(native.last().readyState).toBe(2);
    expect(clock.nextIn).toBe(21_500);
  });

  test.each([null, {}, { retryMs: "soon" }, { retryMs: 1e300 }, { retryMs: -5 }])(
    "a bye of %j harms nothing",
    async (data) => {
      open();
      await settle();
      native.last().greet();
      native.last().send("growset.bye", data);
      await settle();
      expect(clock.nextIn).toBeGreaterThan(0);
      expect(clock.nextIn).toBeLessThan(2 ** 31);
    },
  );
});

describe("watchdog", () => {
  test("one and a half intervals of silence are stale, two are dead", async () => {
    const { lines } = open();
    await settle();
    native.last().greet({ resume: "new", pingMs: 10_000 });
    await clock.pass(14_999);
    expect(lines.at(-1)).toBe("live");
    await clock.pass(1);
    expect(lines.at(-1)).toBe("stale (silence)");
    await clock.pass(4999);
    expect(lines.at(-1)).toBe("stale (silence)");
    await clock.pass(1);
    expect(lines.at(-1)).toBe("retrying (silence)");
    await clock.pass(3000);
    expect(native.made).toHaveLength(2);
  });

  test("a ping makes a stale connection live again", async () => {
    const { lines } = open();
    await settle();
    native.last().greet();
    await clock.pass(PING * 1.5);
    native.last().send("growset.ping", {}, "1-7");
    expect(lines.slice(-2)).toEqual(["stale (silence)", "live"]);
    await clock.pass(PING * 1.5 - 1);
    expect(lines.at(-1)).toBe("live");
  });

  test("pings every interval keep it live for an hour", async () => {
    const { lines } = open();
    await settle();
    native.last().greet();
    for (let minute = 0; minute < 240; minute++) {
      await clock.pass(PING);
      native.last().send("growset.ping", {});
    }
    expect(lines).toEqual(["connecting", "live"]);
    expect(native.made).toHaveLength(1);
  });

  test("an attempt that brings nothing for one interval is dead, whether refused or held back by a proxy", async () => {
    const { lines } = open();
    await clock.pass(PING);
    expect(lines).toEqual(["connecting", "retrying (silence)"]);
    expect(native.last().readyState).toBe(2);
  });

  test("a page that slept finds the silence as soon as it wakes", async () => {
    const { lines } = open();
    await settle();
    native.last().greet();
    clock.sleep(3_600_000);
    await clock.pass(0);
    expect(lines.at(-1)).toBe("retrying (silence)");
  });

  test("Infinity switches it off for a server that never pings", async () => {
    const { lines } = open({ pingMs: Number.POSITIVE_INFINITY });
    await clock.pass(3_600_000);
    native.last().send("order.created", { orderId: "a" });
    await clock.pass(3_600_000);
    expect(lines.slice(0, 2)).toEqual(["connecting", "live"]);
    expect(lines.at(-1)).toBe("order.created a");
    expect(native.made).toHaveLength(1);
  });

  test("a clock that is set back hides no silence", async () => {
    const { lines } = open();
    await settle();
    native.last().greet();
    clock.setBack(3_600_000);
    await clock.pass(PING * 4);
    expect(lines).toContain("retrying (silence)");
  });

  test.each([0, -1, "often", null, {}])("a pingMs of %j is ignored", async (pingMs) => {
    const { lines } = open();
    await settle();
    native.last().greet({ resume: "new", pingMs });
    await clock.pass(PING);
    expect(lines.at(-1)).toBe("live");
  });
});

describe("an answer that is no stream", () => {
  test.each([
    [204, "closed (204)"],
    [401, "denied (401)"],
    [403, "denied (403)"],
  ])("%d stops for good, with the reason", async (status, last) => {
    clock.fetch = async () => new Response(null, { status });
    const { lines } = open();
    await settle();
    native.last().refuse();
    await settle();
    expect(lines.at(-1)).toBe(last);
    expect(clock.timers.size).toBe(0);
    clock.announce("online");
    await clock.pass(600_000);
    expect(native.made).toHaveLength(1);
  });

  test.each([400, 404, 429, 500, 502, 503])("after %d the source is made anew", async (status) => {
    clock.fetch = async () => new Response("no stream", { status });
    const { lines } = open();
    await settle();
    native.last().refuse();
    await clock.pass(1500);
    expect(lines.at(-1)).toBe(`retrying (${status})`);
    expect(native.made).toHaveLength(2);
  });

  test("a page in place of the stream, such as a login form, is called so", async () => {
    clock.fetch = async () => new Response("<html>", { headers: { "content-type": "text/html" } });
    const { lines } = open();
    await settle();
    native.last().refuse();
    await settle();
    expect(lines.at(-1)).toBe("retrying (not an event stream)");
  });

  test("what the server finds wrong with the question is the reason", async () => {
    const problem = { status: 400, detail: '"order.closed" names no event' };
    clock.fetch = async () => new Response(JSON.stringify(problem), { status: 400 });
    const { lines } = open();
    await settle();
    native.last().refuse();
    await settle();
    expect(lines.at(-1)).toBe('retrying ("order.closed" names no event)');
  });

  test("without an EventSource, as on a server, the stream is closed at once and leaves no timer", async () => {
    clock.EventSource = undefined;
    const { lines } = open();
    await settle();
    expect([...lines]).toEqual(["connecting", "closed (no EventSource)"]);
    expect(clock.timers.size).toBe(0);
  });

  test("Retry-After is waited for", async () => {
    clock.fetch = async () => new Response(null, { status: 429, headers: { "retry-after": "5" } });
    open();
    await settle();
    native.last().refuse();
    await clock.pass(6000);
    expect(native.made).toHaveLength(1);
    await clock.pass(500);
    expect(native.made).toHaveLength(2);
  });

  test("the status is asked for once, of the same address, and that request is ended", async () => {
    const requests: [string, RequestInit][] = [];
    clock.fetch = async (url, request) => {
      requests.push([url, request]);
      return new Response("a body that never ends");
    };
    open();
    await settle();
    native.last().refuse();
    await settle();
    expect(requests.map(([url]) => url)).toEqual([native.last().url]);
    expect(requests[0]?.[1].credentials).toBe("include");
    expect(requests[0]?.[1].signal?.aborted).toBe(true);
  });

  test("where even that fails it is tried again", async () => {
    clock.fetch = async () => {
      throw new TypeError("network");
    };
    const { lines } = open();
    await settle();
    native.last().refuse();
    await settle();
    expect(lines.at(-1)).toBe("retrying (lost)");
  });
});

describe("offline", () => {
  test("pauses until the browser is online, then connects at once", async () => {
    const { lines } = open();
    await settle();
    native.last().greet();
    clock.announce("offline");
    expect(lines.at(-1)).toBe("retrying (offline)");
    expect(native.last().readyState).toBe(2);
    await clock.pass(3_600_000);
    expect(native.made).toHaveLength(1);
    clock.announce("online");
    await clock.pass(0);
    expect(native.made).toHaveLength(2);
  });

  test("online ends a long wait early", async () => {
    clock.chance = 0.99;
    open();
    await settle();
    native.last().break();
    await settle();
    clock.announce("online");
    await clock.pass(0);
    expect(native.made).toHaveLength(2);
  });

  test("online leaves a connection that stands alone", async () => {
    open();
    await settle();
    native.last().greet();
    clock.announce("online");
    await clock.pass(0);
    expect(native.made).toHaveLength(1);
  });
});

describe("the end", () => {
  test("close ends everything: source, timers, listeners", async () => {
    const { stream, lines } = open();
    await settle();
    native.last().greet();
    stream.close();
    expect(native.last().readyState).toBe(2);
    expect(clock.timers.size).toBe(0);
    clock.announce("offline");
    clock.announce("online");
    await clock.pass(3_600_000);
    expect(lines).toEqual(["connecting", "live", "closed (closed)"]);
    expect(native.made).toHaveLength(1);
  });

  test("closing twice is closing once", async () => {
    const { stream, lines } = open();
    stream.close();
    stream.close();
    expect(lines).toEqual(["connecting", "closed (closed)"]);
  });

  test("an AbortSignal closes", async () => {
    const controller = new AbortController();
    const { lines } = open({ signal: controller.signal });
    await settle();
    controller.abort();
    expect(lines.at(-1)).toBe("closed (aborted)");
    expect(native.last().readyState).toBe(2);
  });

  test("an AbortSignal that is aborted already makes no request", async () => {
    const { stream } = open({ signal: AbortSignal.abort() });
    await clock.pass(60_000);
    expect([stream.state.current, stream.state.reason]).toEqual(["closed", "aborted"]);
    expect(native.made).toHaveLength(0);
    expect(clock.timers.size).toBe(0);
  });

  test("the terminal event is delivered and closes", async () => {
    const { lines } = open({ until: "order.closed" });
    await settle();
    expect(native.last().query.get("until")).toBe("order.closed");
    native.last().greet();
    native.last().send("order.closed", { orderId: "a" }, "1-1");
    native.last().send("order.created", { orderId: "b" }, "1-2");
    expect(lines).toEqual(["connecting", "live", "order.closed a #1-1", "closed (terminal)"]);
  });
});
