/** The helpers in a real TanStack Query. */
import { QueryClient, QueryObserver } from "@tanstack/query-core";
import { beforeEach, expect, test, vi } from "vitest";
import { invalidateOn, streamedEvents } from "../../src/query.js";
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
  off();
  native.last().send("order.created", { orderId: "b" }, "1-3");
  expect(invalidate.mock.calls).toEqual([
    [{ queryKey: ["orders"] }],
    [{ queryKey: ["orders"] }],
    [{ queryKey: ["order", "a"] }],
  ]);
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

const streamed = () =>
  new QueryObserver(client, {
    queryKey: ["completion"],
    queryFn: streamedEvents(({ signal }) =>
      connect("/events", {
        events: ["order.created", "order.closed"],
        until: "order.closed",
        environment: clock,
        signal,
      }),
    ),
  });

test("a query grows with each event and is done with the terminal one", async () => {
  const observer = streamed();
  const off = observer.subscribe(() => {});
  await settle();
  native.last().send("order.created", { orderId: "a" }, "1-1");
  await settle();
  expect(observer.getCurrentResult()).toMatchObject({ status: "success", fetchStatus: "fetching" });
  native.last().send("order.closed", { orderId: "b" }, "1-2");
  await settle();
  const { data, fetchStatus } = observer.getCurrentResult();
  expect(data?.map((event) => event.data.orderId)).toEqual(["a", "b"]);
  expect(fetchStatus).toBe("idle");
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
