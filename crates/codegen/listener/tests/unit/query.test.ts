/** The helpers in a real TanStack Query. */
import { QueryClient, QueryObserver } from "@tanstack/query-core";
import { beforeEach, expect, test, vi } from "vitest";
import { invalidateOn, type StreamedSettings, streamedEvents } from "../../src/query.js";
import { Clock, settle } from "../support/clock.js";
import { connect } from "../support/events.js";
import { sources } from "../support/source.js";

let clock: Clock;
let native: ReturnType<typeof sources>;
let client: QueryClient;

beforeEach(() => {
  clock = new Clock();
  native = sources();
  clock.EventSource = native.EventSource;
  client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
});

const open = async () => {
  const stream = connect("/events", { events: ["order.created", "order.closed"], environment: clock });
  await settle();
  return stream;
};

test("an event invalidates its keys, fixed or made from it", async () => {
  const invalidate = vi.spyOn(client, "invalidateQueries");
  const off = invalidateOn(await open(), client, {
    "order.created": [["orders"]],
    "order.closed": ({ data }) => [["orders"], ["order", data.orderId]],
  });
  native.last().send("order.created", { orderId: "a" }, "1-1");
  native.last().send("order.closed", { orderId: "a" }, "1-2");
  await settle();
  off();
  native.last().send("order.created", { orderId: "b" }, "1-3");
  expect(invalidate.mock.calls).toEqual([
    [{ queryKey: ["orders"] }],
    [{ queryKey: ["order", "a"] }],
    [{ queryKey: ["orders"] }],
  ]);
});

test("events that come faster than the answer neither starve the query nor storm its source", async () => {
  let asked = 0;
  let aborted = 0;
  const answers: ((value: number) => void)[] = [];
  const observer = new QueryObserver(client, {
    queryKey: ["orders"],
    queryFn: ({ signal }) =>
      new Promise<number>((resolve) => {
        asked++;
        signal.addEventListener("abort", () => aborted++);
        answers.push(resolve);
      }),
  });
  const off = observer.subscribe(() => {});
  await settle();
  answers.shift()?.(0);
  await settle();
  invalidateOn(await open(), client, { "order.created": [["orders"]] });
  const burst = async (from: number) => {
    for (let n = 0; n < 20; n++) {
      native.last().send("order.created", { orderId: "a" }, `1-${from + n}`);
      await settle();
    }
  };
  await burst(1);
  expect([asked, aborted]).toEqual([2, 0]);
  answers.shift()?.(1);
  await settle();
  expect(observer.getCurrentResult().data).toBe(1);
  // What came meanwhile is answered by one more, which is newer than the last event.
  expect(asked).toBe(3);
  answers.shift()?.(2);
  await settle();
  expect([observer.getCurrentResult().data, asked, aborted]).toEqual([2, 3, 0]);
  await burst(21);
  expect(asked).toBe(4);
  off();
});

test("a gap invalidates everything, or what afterGap names", async () => {
  const stream = await open();
  const all = vi.spyOn(client, "invalidateQueries");
  invalidateOn(stream, client, {});
  const other = { invalidateQueries: vi.fn() };
  invalidateOn(stream, other, {}, { afterGap: [["orders"]] });
  native.last().send("growset.gap", { reason: "lagged" });
  expect(all.mock.calls).toEqual([[]]);
  expect(other.invalidateQueries.mock.calls).toEqual([[{ queryKey: ["orders"] }]]);
});

const streamed = (settings?: StreamedSettings) =>
  new QueryObserver(client, {
    queryKey: ["completion"],
    queryFn: streamedEvents(
      ({ signal }) =>
        connect("/events", {
          events: ["order.created", "order.closed"],
          until: "order.closed",
          environment: clock,
          signal,
        }),
      settings,
    ),
  });

/** All that promises, and then timers of nought, have to do. */
const turn = async () => {
  await settle();
  await new Promise((resolve) => setTimeout(resolve));
};

test("a query grows with each event and is done with the terminal one", async () => {
  const observer = streamed();
  const off = observer.subscribe(() => {});
  await settle();
  native.last().send("order.created", { orderId: "a" }, "1-1");
  await turn();
  expect(observer.getCurrentResult()).toMatchObject({ status: "success", fetchStatus: "fetching" });
  native.last().send("order.closed", { orderId: "b" }, "1-2");
  await settle();
  const { data, fetchStatus } = observer.getCurrentResult();
  expect(data?.map((event) => event.data.orderId)).toEqual(["a", "b"]);
  expect(fetchStatus).toBe("idle");
  off();
});

test("a burst of events is one change of the query, and `keep` bounds it", async () => {
  const observer = streamed({ keep: 3 });
  const off = observer.subscribe(() => {});
  await settle();
  const set = vi.spyOn(client, "setQueryData");
  for (let n = 0; n < 1000; n++) native.last().send("order.created", { orderId: `${n}` }, `1-${n}`);
  await turn();
  expect(set).toHaveBeenCalledTimes(1);
  const ids = () => observer.getCurrentResult().data?.map((event) => event.data.orderId);
  expect(ids()).toEqual(["997", "998", "999"]);
  native.last().send("order.closed", { orderId: "last" }, "2-1");
  await settle();
  expect(ids()).toEqual(["998", "999", "last"]);
  off();
});

test("a cancelled query closes its stream", async () => {
  const off = streamed().subscribe(() => {});
  await settle();
  off();
  await settle();
  expect(native.last().readyState).toBe(2);
});

test("a refused stream is a failed query", async () => {
  clock.fetch = async () => new Response(null, { status: 403 });
  const observer = streamed();
  const off = observer.subscribe(() => {});
  await settle();
  native.last().refuse();
  await settle();
  expect(String(observer.getCurrentResult().error)).toBe("Error: the stream was denied: 403");
  off();
});
