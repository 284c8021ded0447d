/**
 * What must compile, and what must not: each `@ts-expect-error` is an error of its own where the line below compiles.
 * Run by `npm run types`; nothing here is executed.
 */
import {
  match as anyMatch,
  bind,
  type ConnectionState,
  type Contract,
  fetchTransport,
  type Gap,
  type Hears,
  type Match,
  type NewerName,
  nativeTransport,
  shareTabs,
} from "../../src/client.js";
import { invalidateOn, streamedEvents } from "../../src/query.js";
import { hooks } from "../../src/react.js";

declare const unknown: unique symbol;

interface EventMap {
  "order.created": { readonly orderId: string; readonly total: number };
  "order.status.changed": {
    readonly orderId: string;
    readonly to: "paid" | (string & { readonly [unknown]: true });
  };
  "order.status.changed.v2": { readonly orderId: string; readonly current: "paid" | "in_transit" };
  /** @deprecated use order.created */
  order_update: { readonly orderId: string };
}

const connect = bind<EventMap>({ catalog: "digest", version: "1.0.0" });
const match: Match<EventMap> = anyMatch as unknown as Match<EventMap>;

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const assert = <_T extends true>(): void => {};

const stream = connect("/events", { events: ["order.created", "order.status.changed"] });

// The names given narrow the handlers.
stream.on("order.created", (event) => {
  assert<Equal<typeof event.event, "order.created">>();
  assert<Equal<typeof event.data, EventMap["order.created"]>>();
  assert<Equal<typeof event.id, string | undefined>>();
});
stream.onAny((event) => {
  assert<Equal<typeof event.event, "order.created" | "order.status.changed">>();
  if (event.event === "order.created") event.data.total.toFixed();
});
stream.onGap((gap) => assert<Equal<typeof gap, Gap>>());
stream.on("growset.connected", ({ data }) => data.resume === "exact");
stream.state.subscribe((state) => assert<Equal<typeof state, ConnectionState>>());
assert<
  Equal<ConnectionState, "connecting" | "live" | "stale" | "retrying" | "polling" | "denied" | "closed">
>();

// A component asks for a stream that hears one event, and is given one that hears more.
const hears: Hears<EventMap, "order.created"> = stream;
hears.on("order.created", ({ data }) => data.total.toFixed());
// @ts-expect-error what it is not said to hear
hears.on("order.status.changed", () => {});

// @ts-expect-error a misspelt event in connect
connect("/events", { events: ["order.craeted"] });
// @ts-expect-error a misspelt event in on
stream.on("order.craeted", () => {});
// @ts-expect-error an event that this stream does not carry
stream.on("order_update", () => {});
// @ts-expect-error a misspelt field
stream.on("order.created", ({ data }) => data.orderID);
// @ts-expect-error a payload is read-only
stream.on("order.created", ({ data }) => (data.total = 5));
// @ts-expect-error a literal that the open enum does not know
stream.on("order.status.changed", ({ data }) => data.to satisfies "payed");
// @ts-expect-error a terminal event that is not among the names
connect("/events", { events: ["order.created"], until: "order_update" });
// @ts-expect-error a native source hears only names that it was told
connect("/events", {});
// @ts-expect-error a misspelt option
connect("/events", { events: ["order.created"], chanel: "x" });
// @ts-expect-error the state is not the page's to set
stream.state.current = "live";

// Contracts to validate by are those of events that the stream carries.
declare const created: Contract<"order.created">;
declare const closed: Contract<"order.closed">;
connect("/events", { events: ["order.created"], validate: [created] });
// @ts-expect-error a contract of no event of this stream
connect("/events", { events: ["order.created"], validate: [closed] });
stream.onUnknown(({ reason, path, message }) => {
  assert<Equal<typeof reason, "name" | "json" | "field" | "value" | "invalid">>();
  console.log(path?.join("/"), message?.length);
});

const all = connect("/events", {
  validate: [created],
  transport: fetchTransport({ headers: async () => ({ authorization: "x" }) }),
});
all.on("order_update", ({ data }) => data.orderId);
connect(async () => "/events?ticket=1", { events: ["order.created"], transport: shareTabs({ key: "anna" }) });

// match is exhaustive over the names given.
stream.onAny((event) => {
  const text = match(event, {
    "order.created": ({ data }) => data.total.toFixed(),
    "order.status.changed": ({ data }) => data.to,
  });
  text.toUpperCase();
  const mixed = match(event, { "order.created": ({ data }) => data.total, _: () => "rest" as const });
  assert<Equal<typeof mixed, number | "rest">>();
  match(event, { "order.created": () => 1, _: (other) => other.data.orderId.length });
  // @ts-expect-error an arm is missing
  match(event, { "order.created": () => 1 });
  // @ts-expect-error an arm for an event that this stream does not carry
  match(event, { "order.created": () => 1, "order.status.changed": () => 2, order_update: () => 3 });
  // @ts-expect-error a misspelt arm
  match(event, { "order.craeted": () => 1, _: () => 2 });
});

// Over all events it wants `_`, so that a new event breaks nobody.
all.onAny((event) => {
  match(event, { "order.created": ({ data }) => data.total, _: () => 0 });
  // @ts-expect-error no arm `_`
  match(event, {
    "order.created": () => 1,
    "order.status.changed": () => 2,
    "order.status.changed.v2": () => 3,
    order_update: () => 4,
  });
});

// A loop gives the union, and v1 and v2 stand side by side.
export const loop = async () => {
  for await (const event of connect("/events", {
    events: ["order.status.changed", "order.status.changed.v2"],
  })) {
    if (event.event === "order.status.changed") event.data.to;
    else event.data.current;
    // @ts-expect-error not in both
    event.data.to;
  }
};

// Patterns: the union of what they fit, and `_` for what is newer.
const orders = connect("/events", { events: ["order.*"], transport: fetchTransport() });
orders.on("order.status.changed.v2", ({ data }) => data.current);
orders.onAny((event) => {
  assert<
    Equal<
      typeof event.event,
      "order.created" | "order.status.changed" | "order.status.changed.v2" | NewerName
    >
  >();
  if (event.event === "order.created") event.data.total.toFixed();
  match(event, { "order.created": ({ data }) => data.total, _: (other) => other.data });
  // @ts-expect-error no arm `_`, though every event of today has one
  match(event, {
    "order.created": () => 1,
    "order.status.changed": () => 2,
    "order.status.changed.v2": () => 3,
  });
});
connect("/events", {
  events: ["order.status.*", "order_update"],
  transport: shareTabs({ transport: fetchTransport() }),
}).on("order_update", ({ data }) => data.orderId);
connect("/events", {
  events: ["order.*"],
  transport: (_, line) => line.end("a transport of the page's own"),
});
// @ts-expect-error tabs that share a native source hear only names that it was told
connect("/events", { events: ["order.*"], transport: shareTabs() });
const sharedNative = shareTabs({ transport: nativeTransport, key: "anna" });
// @ts-expect-error and so they do when it is named
connect("/events", { events: ["order.*"], transport: sharedNative });
// @ts-expect-error every event is more than names
connect("/events", { transport: shareTabs() });
// @ts-expect-error an event that the pattern does not fit
orders.on("order_update", () => {});
// @ts-expect-error a misspelt pattern
connect("/events", { events: ["ordr.*"], transport: fetchTransport() });
// @ts-expect-error a native source hears only names that it was told
connect("/events", { events: ["order.*"] });

const { useEvent, useEvents, useConnectionState } = hooks<EventMap>(connect);
export const Component = () => {
  useEvent(stream, "order.created", ({ data }) => data.total);
  // @ts-expect-error an event that this stream does not carry
  useEvent(stream, "order_update", () => {});
  const state = useEvents("/events", {
    "order.created": ({ data }) => data.total,
    "order.status.changed": ({ data }) => data.to,
  });
  assert<Equal<typeof state, ConnectionState>>();
  // @ts-expect-error a misspelt event
  useEvents("/events", { "order.craeted": () => {} });
  // @ts-expect-error a misspelt field
  useEvents("/events", { "order.created": ({ data }) => data.totle });
  useEvent(orders, "order.created", ({ data }) => data.total);
  return useConnectionState(stream);
};

declare const client: Parameters<typeof invalidateOn>[1];
invalidateOn(stream, client, { "order.created": ({ data }) => [["order", data.orderId]] });
// @ts-expect-error an event that this stream does not carry
invalidateOn(stream, client, { order_update: [["orders"]] });
export const query = streamedEvents(({ signal }) =>
  connect("/events", { events: ["order.created"], signal }),
);
assert<Equal<Awaited<ReturnType<typeof query>>[number]["data"], EventMap["order.created"]>>();
