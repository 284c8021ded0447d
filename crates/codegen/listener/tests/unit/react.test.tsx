// @vitest-environment happy-dom
/** The hooks in a real React, under StrictMode. */
import { act, StrictMode, useState } from "react";
import { createRoot, type Root } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fetchTransport, type Stream } from "../../src/client.js";
import { hooks, type Told } from "../../src/react.js";
import { Clock, settle } from "../support/clock.js";
import { connect, type EventMap } from "../support/events.js";
import { sources } from "../support/source.js";

const { useEvent, useEvents, useConnectionState } = hooks<EventMap>(connect);
let clock: Clock;
let native: ReturnType<typeof sources>;
let root: Root;
let page: HTMLElement;

beforeEach(() => {
  (globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
  clock = new Clock();
  native = sources();
  clock.EventSource = native.EventSource;
  page = document.createElement("main");
  root = createRoot(page);
});
afterEach(() => act(() => root.unmount()));

const render = (element: React.ReactNode) =>
  act(async () => {
    root.render(<StrictMode>{element}</StrictMode>);
    await settle();
  });

const openSources = () => native.made.filter(({ readyState }) => readyState !== 2);

function Board({ url = "/events", ...told }: { readonly url?: string } & Told) {
  const [orders, setOrders] = useState<readonly string[]>([]);
  const state = useEvents(
    url,
    {
      "order.created": ({ data }) => setOrders([...orders, data.orderId]),
      "order.closed": ({ data }) => setOrders(orders.filter((id) => id !== data.orderId)),
    },
    { environment: clock, ...told },
  );
  return (
    <p>
      {state}: {orders.join(" ")}
    </p>
  );
}

test("a component shows its events and its connection, over one connection under StrictMode", async () => {
  await render(<Board />);
  expect(native.made).toHaveLength(1);
  expect(page.textContent).toBe("connecting: ");
  await act(async () => native.last().greet());
  await act(async () => native.last().send("order.created", { orderId: "a" }, "1-1"));
  await act(async () => native.last().send("order.created", { orderId: "b" }, "1-2"));
  await act(async () => native.last().send("order.closed", { orderId: "a" }, "1-3"));
  expect(page.textContent).toBe("live: b");
});

test("renders again do not connect again, though handlers are new each time", async () => {
  await render(<Board />);
  await render(<Board />);
  expect(native.made).toHaveLength(1);
});

test("another address closes the old stream and opens a new one", async () => {
  await render(<Board />);
  await render(<Board url="/other" />);
  expect(native.made.map(({ url }) => url.split("?")[0])).toEqual(["/events", "/other"]);
  expect(openSources()).toHaveLength(1);
});

function Shown({ options, names }: { readonly options: object; readonly names: readonly string[] }) {
  const [seen, setSeen] = useState<readonly string[]>([]);
  const handlers = names.map((name) => [
    name,
    ({ data }: { data: { orderId: string } }) => setSeen([...seen, data.orderId]),
  ]);
  const state = useEvents("/events", Object.fromEntries(handlers), { environment: clock, ...options });
  return (
    <p>
      {state}: {seen.join(" ")}
    </p>
  );
}

test("another channel closes the old stream and opens a new one, from its own beginning", async () => {
  await render(<Shown options={{ channel: "a" }} names={["order.created"]} />);
  await act(async () => native.last().send("order.created", { orderId: "a" }, "1-1"));
  await render(<Shown options={{ channel: "b" }} names={["order.created"]} />);
  expect(openSources().map(({ query }) => [query.get("channel"), query.get("lastEventId")])).toEqual([
    ["b", null],
  ]);
});

test("with other handlers it resumes from where it was, so that nothing is lost meanwhile", async () => {
  await render(<Shown options={{}} names={["order.created"]} />);
  await act(async () => native.last().greet());
  await act(async () => native.last().send("order.created", { orderId: "a" }, "1-1"));
  await render(<Shown options={{}} names={["order.created", "order.closed"]} />);
  expect(openSources().map(({ query }) => query.get("lastEventId"))).toEqual(["1-1"]);
  await act(async () => native.last().greet({ resume: "exact" }));
  await act(async () => native.last().send("order.closed", { orderId: "b" }, "1-2"));
  expect(page.textContent).toBe("live: a b");
});

test("each attempt asks the headers of the last render", async () => {
  const sent: (string | null)[] = [];
  clock.chance = 0;
  clock.fetch = async (_, { headers }) => {
    sent.push((headers as Headers).get("authorization"));
    return new Response(null, { status: 503 });
  };
  const withToken = (authorization: string) => ({
    transport: fetchTransport({ headers: () => ({ authorization }) }),
  });
  clock.chance = 0.5;
  await render(<Shown options={withToken("old")} names={["order.created"]} />);
  await render(<Shown options={withToken("new")} names={["order.created"]} />);
  await act(() => clock.pass(1500));
  expect(sent).toEqual(["old", "new"]);
});

test("a stream that was denied is opened anew for another session", async () => {
  clock.fetch = async () => new Response(null, { status: 401 });
  await render(<Shown options={{ session: "nobody" }} names={["order.created"]} />);
  await act(async () => {
    native.last().refuse();
    await settle();
  });
  expect(page.textContent).toBe("denied: ");
  await render(<Shown options={{ session: "anna" }} names={["order.created"]} />);
  expect(openSources()).toHaveLength(1);
  expect(page.textContent).toBe("connecting: ");
});

test("unmounting leaves no connection, timer or listener behind", async () => {
  await render(<Board />);
  await act(async () => native.last().greet());
  await render(null);
  expect(openSources()).toHaveLength(0);
  expect(clock.timers.size).toBe(0);
});

test("a gap calls onGap", async () => {
  const onGap = vi.fn();
  await render(<Board onGap={onGap} />);
  await act(async () => native.last().send("growset.gap", { reason: "trimmed" }));
  expect(onGap).toHaveBeenCalledTimes(1);
});

test("no handlers open nothing, until there are some", async () => {
  const Late = ({ ready }: { readonly ready: boolean }) =>
    useEvents("/events", ready ? { "order.created": () => {} } : ({} as never), { environment: clock });
  await render(<Late ready={false} />);
  expect(native.made).toHaveLength(0);
  expect(page.textContent).toBe("closed");
  await render(<Late ready={true} />);
  expect(openSources()).toHaveLength(1);
  expect(page.textContent).toBe("connecting");
});

test("what is unknown calls onUnknown", async () => {
  const onUnknown = vi.fn();
  await render(<Board onUnknown={onUnknown} />);
  await act(async () => native.last().send("order.created", "{"));
  expect(onUnknown).toHaveBeenCalledExactlyOnceWith({
    event: "order.created",
    data: "{",
    id: "",
    reason: "json",
  });
});

function Total({ stream }: { readonly stream: Stream<EventMap, "order.created"> }) {
  const [total, setTotal] = useState(0);
  const state = useConnectionState(stream);
  useEvent(stream, "order.created", ({ data }) => setTotal(total + data.total));
  return (
    <p>
      {state}: {total}
    </p>
  );
}

test("useEvent calls the newest handler once per event, and useConnectionState follows", async () => {
  const stream = connect("/events", { events: ["order.created"], environment: clock });
  await render(<Total stream={stream} />);
  await act(async () => native.last().greet());
  await act(async () => native.last().send("order.created", { orderId: "a", total: 5 }, "1-1"));
  await act(async () => native.last().send("order.created", { orderId: "b", total: 7 }, "1-2"));
  expect(page.textContent).toBe("live: 12");
  await act(async () => stream.close());
  expect(page.textContent).toBe("closed: 12");
});

test("on a server the state is connecting and nothing is opened", () => {
  expect(renderToString(<Board />)).toBe("<p>connecting<!-- -->: </p>");
  expect(native.made).toHaveLength(0);
});
