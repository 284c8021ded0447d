/** Handlers, what is unknown, and the loop. */
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Clock, settle } from "../support/clock.js";
import { connect, type EventMap, match, record } from "../support/events.js";
import { sources } from "../support/source.js";

let clock: Clock;
let native: ReturnType<typeof sources>;

beforeEach(() => {
  clock = new Clock();
  native = sources();
  clock.EventSource = native.EventSource;
});

const open = async () => {
  const stream = connect("/events", {
    events: ["order.created", "order.status.changed"],
    environment: clock,
  });
  const lines = record(stream);
  await settle();
  native.last().greet();
  return { stream, lines };
};

describe("handlers", () => {
  test("get the event with its name, data and id", async () => {
    const { stream } = await open();
    const handler = vi.fn();
    stream.on("order.created", handler);
    native.last().send("order.created", { orderId: "a", total: 5 }, "1-1");
    native.last().send("order.status.changed", { orderId: "a", to: "paid" }, "1-2");
    expect(handler.mock.calls).toEqual([
      [{ event: "order.created", data: { orderId: "a", total: 5 }, id: "1-1" }],
    ]);
  });

  test("end with what on() returned, each by itself", async () => {
    const { stream } = await open();
    const handler = vi.fn();
    const off = stream.on("order.created", handler);
    stream.on("order.created", handler);
    off();
    off();
    native.last().send("order.created", { orderId: "a" });
    expect(handler).toHaveBeenCalledTimes(1);
  });

  test("hear the control events by name", async () => {
    const { stream } = await open();
    const refetch = vi.fn();
    stream.on("growset.connected", refetch);
    stream.on("growset.retired", ({ data }) => refetch(data.use));
    native.last().greet({ resume: "exact" });
    native.last().send("growset.retired", { event: "order.created", use: "order.created.v2" });
    expect(refetch.mock.calls.map(([told]) => told.data ?? told)).toEqual([
      { resume: "exact" },
      "order.created.v2",
    ]);
  });

  test("that throw or reject are reported and stop no other", async () => {
    const { stream } = await open();
    const handler = vi.fn();
    stream.on("order.created", () => {
      throw new Error("thrown");
    });
    stream.on("order.created", async () => {
      throw new Error("rejected");
    });
    stream.state.subscribe((state) => {
      if (state === "closed") throw new Error("in a badge");
    });
    stream.on("order.created", handler);
    native.last().send("order.created", { orderId: "a" });
    stream.close();
    await settle();
    expect(handler).toHaveBeenCalledTimes(1);
    expect(clock.reported.map(String).sort()).toEqual([
      "Error: in a badge",
      "Error: rejected",
      "Error: thrown",
    ]);
  });

  test("that close the stream are the last to hear of it", async () => {
    const { stream, lines } = await open();
    stream.on("order.created", () => stream.close());
    native.last().send("order.created", { orderId: "a" });
    native.last().send("order.created", { orderId: "b" });
    expect(lines.slice(-2)).toEqual(["order.created a", "closed (closed)"]);
  });
});

test("to listen to no names asks for nothing", async () => {
  const stream = connect("/events", { events: [], environment: clock });
  const lines = record(stream);
  await settle();
  expect(native.made).toHaveLength(0);
  expect([...lines]).toEqual(["closed (no events)"]);
});

test("a listener of the state that closes the stream leaves no other with an older state", async () => {
  const stream = connect("/events", { events: ["order.created"], environment: clock });
  const [first, second]: string[][] = [[], []];
  stream.state.subscribe((state) => {
    first?.push(state);
    if (state === "live") stream.close();
  });
  stream.state.subscribe((state) => second?.push(state));
  await settle();
  native.last().greet();
  expect([first, second]).toEqual([
    ["connecting", "live", "closed"],
    ["connecting", "closed"],
  ]);
});

test("a handler that is added anew by itself is called once for an event, and one that is removed no more", async () => {
  const { stream } = await open();
  const seen: string[] = [];
  const listen = (): (() => void) => {
    const off = stream.on("order.created", ({ data }) => {
      seen.push(data.orderId);
      off();
      removed();
      listen();
    });
    return off;
  };
  listen();
  const removed = stream.on("order.created", () => seen.push("removed"));
  native.last().send("order.created", { orderId: "a" });
  native.last().send("order.created", { orderId: "b" });
  expect(seen).toEqual(["a", "b"]);
});

describe("what the server may send", () => {
  test.each(["", "{", "undefined", '{"orderId":"a"', "\u0000", "{'orderId':1}"])(
    "data %j is unknown, and what follows is not",
    async (data) => {
      const { stream, lines } = await open();
      native.last().send("order.created", data, "1-1");
      native.last().send("order.created", { orderId: "b" }, "1-2");
      expect(lines.slice(-2)).toEqual(["unknown json order.created", "order.created b #1-2"]);
      expect(stream.unknownCount).toBe(1);
    },
  );

  test("an unnamed message is unknown", async () => {
    const { lines } = await open();
    native.last().send("message", { type: "notification" });
    expect(lines.at(-1)).toBe("unknown name message");
  });

  test.each(["null", "5", '"text"', "[]", "{"])("control events with data %s harm nothing", async (data) => {
    const { lines } = await open();
    for (const name of ["connected", "gap", "ping", "retired"]) native.last().send(`growset.${name}`, data);
    native.last().send("order.created", { orderId: "b" }, "1-2");
    expect(lines.at(-1)).toBe("order.created b #1-2");
    expect(clock.reported).toEqual([]);
  });

  test("onUnknown gets the frame as it was sent", async () => {
    const { stream } = await open();
    const unknown = vi.fn();
    stream.onUnknown(unknown);
    native.last().send("order.created", "{", "1-1");
    expect(unknown).toHaveBeenCalledWith({ event: "order.created", data: "{", id: "1-1", reason: "json" });
  });
});

describe("a loop", () => {
  test("gets each event and ends when the stream does", async () => {
    const stream = connect("/events", {
      events: ["order.created", "order.closed"],
      until: "order.closed",
      environment: clock,
    });
    const seen: string[] = [];
    const loop = (async () => {
      for await (const { event, data } of stream) seen.push(`${event} ${data.orderId}`);
    })();
    await settle();
    native.last().greet();
    native.last().send("order.created", { orderId: "a" }, "1");
    native.last().send("order.created", { orderId: "b" }, "2");
    native.last().send("order.closed", { orderId: "c" }, "3");
    await loop;
    expect(seen).toEqual(["order.created a", "order.created b", "order.closed c"]);
    expect(stream.state.reason).toBe("terminal");
  });

  test("that is left closes the stream", async () => {
    const { stream } = await open();
    const loop = (async () => {
      for await (const event of stream) return event.data.orderId;
      return "none";
    })();
    await settle();
    native.last().send("order.created", { orderId: "a" });
    expect(await loop).toBe("a");
    expect(stream.state.current).toBe("closed");
    expect(native.last().readyState).toBe(2);
  });

  test("misses nothing however slowly its body goes on", async () => {
    const stream = connect("/events", {
      events: ["order.created", "order.closed"],
      until: "order.closed",
      environment: clock,
    });
    const seen: string[] = [];
    const loop = (async () => {
      for await (const { data } of stream) {
        seen.push(data.orderId);
        await new Promise<void>((resolve) => clock.setTimeout(resolve, 100));
      }
    })();
    await settle();
    native.last().greet();
    for (const orderId of ["a", "b", "c"]) {
      native.last().send("order.created", { orderId });
      await clock.pass(30);
    }
    native.last().send("order.closed", { orderId: "d" });
    expect([seen, stream.state.current]).toEqual([["a"], "closed"]);
    await clock.pass(1000);
    await loop;
    expect(seen).toEqual(["a", "b", "c", "d"]);
  });

  test("is woken by what comes as soon as it waits", async () => {
    const { stream } = await open();
    const iterator = stream[Symbol.asyncIterator]();
    native.last().send("order.created", { orderId: "a" });
    expect((await iterator.next()).value.data.orderId).toBe("a");
    const next = iterator.next();
    native.last().send("order.created", { orderId: "b" });
    native.last().send("order.created", { orderId: "c" });
    expect([(await next).value.data.orderId, (await iterator.next()).value.data.orderId]).toEqual(["b", "c"]);
  });

  test("can be left while it waits", async () => {
    const { stream } = await open();
    const iterator = stream[Symbol.asyncIterator]();
    const waiting = iterator.next();
    await iterator.return?.();
    expect(await waiting).toEqual({ value: undefined, done: true });
    expect(stream.state.current).toBe("closed");
  });

  test("over a stream that is over ends at once", async () => {
    const { stream } = await open();
    stream.close();
    const seen = [];
    for await (const event of stream) seen.push(event);
    expect(seen).toEqual([]);
  });
});

describe("match", () => {
  type Event = { [Name in keyof EventMap]: { event: Name; data: EventMap[Name] } }[keyof EventMap];
  const created: Event = { event: "order.created", data: { orderId: "a", total: 5 } };

  test("calls the arm of the event's name", () => {
    const result = match(created as Extract<Event, { event: "order.created" | "order.closed" }>, {
      "order.created": ({ data }) => data.total,
      "order.closed": () => 0,
    });
    expect(result).toBe(5);
  });

  test("calls the arm _ for the rest, names of Object's own included", () => {
    expect(match(created as Event, { order_update: () => "update", _: () => "rest" })).toBe("rest");
    const odd = { event: "toString", data: {} } as unknown as Event;
    expect(match(odd, { _: () => "rest" })).toBe("rest");
  });
});
