// A page that listens to our own catalog: what it may write, and what must not compile.

import type { ConnectionState, Gap, Stream } from "@example/events/client";
import { connect, fetchTransport, match, pollFallback, shareTabs } from "@example/events/client";
import { invalidateOn, streamedEvents } from "@example/events/query";
import { useConnectionState, useEvent, useEvents } from "@example/events/react";
import type { EventMap, OrderId, OrderStatus } from "@example/events";

const stream = connect("/events", { events: ["order.created", "order.status.changed"] });

// A handler gets the event with its name, and with the payload of the contract.
stream.on("order.created", (event) => {
  const data: EventMap["order.created"] = event.data;
  const name: "order.created" = event.event;
  const id: string | undefined = event.id;
  console.log(data, name, id);
});
stream.on("order.status.changed", ({ data }) => {
  const status: OrderStatus = data.to;
  console.log(status);
  // @ts-expect-error a misspelt value of an enum
  console.log(data.to === "payed");
});
stream.onGap((gap: Gap) => console.log(gap.reason));
stream.state.subscribe((state: ConnectionState, reason: string) => console.log(state, reason));
stream.onUnknown((unknown) => console.log(unknown.event, unknown.reason, stream.unknownCount));

// @ts-expect-error a misspelt event
connect("/events", { events: ["order.creatd"] });
// @ts-expect-error a draft is no event yet
connect("/events", { events: ["deliverable.commented"] });
// @ts-expect-error every event at once is nothing that the browser's own EventSource can do
connect("/events", {});
// @ts-expect-error a misspelt event
stream.on("order.creatd", () => {});
// @ts-expect-error an event that was not asked for
stream.on("pet.added", () => {});
// @ts-expect-error a misspelt field
stream.on("order.created", ({ data }) => data.ordrId);
stream.on("order.created", ({ data }) => {
  // @ts-expect-error what came is not changed
  data.title = "other";
});

// One arm per event that was asked for.
stream.onAny((event) => {
  const shown: OrderId = match(event, {
    "order.created": ({ data }) => data.orderId,
    "order.status.changed": ({ data }) => data.orderId,
  });
  match(event, { "order.created": ({ data }) => data.title, _: () => shown });
  // @ts-expect-error an arm is missing
  match(event, { "order.created": () => 1 });
  // @ts-expect-error a misspelt arm
  match(event, { "order.creatd": () => 1, _: () => 2 });
});

// Over every event it wants `_`, so that a new event breaks nobody.
const all = connect("/events", { transport: fetchTransport({ headers: () => ({ authorization: "Bearer x" }) }) });
all.onAny((event) => match(event, { "pet.added": () => 1, _: () => 2 }));
// @ts-expect-error no arm `_`
all.onAny((event) => match(event, { "pet.added": () => 1 }));

connect("/events", { events: ["pet.added"], transport: shareTabs(), fallback: pollFallback({ url: "/poll" }) });

// A pattern: today's events that it fits, and `_` for tomorrow's.
const someOrders = connect("/events", { events: ["order.*", "payment.failed"], transport: fetchTransport() });
someOrders.on("order.status.changed", ({ data }) => data.to);
someOrders.onAny((event) => {
  if (event.event === "payment.failed") console.log(event.data.errorCode);
  match(event, { "order.created": ({ data }) => data.title, _: () => "another" });
  // @ts-expect-error no arm `_`
  match(event, { "order.created": () => 1, "order.status.changed": () => 2, "payment.failed": () => 3 });
});
// @ts-expect-error an event that the pattern does not fit
someOrders.on("pet.added", () => {});
// @ts-expect-error a misspelt pattern
connect("/events", { events: ["ordr.*"], transport: fetchTransport() });
// @ts-expect-error the browser's own EventSource hears no patterns
connect("/events", { events: ["order.*"] });

export async function untilFinished(signal: AbortSignal) {
  const text = connect("/events", { events: ["completion.delta", "completion.finished"], until: "completion.finished", signal });
  for await (const event of text) {
    if (event.event === "completion.delta") console.log(event.data.text);
    // @ts-expect-error of the other event
    else console.log(event.data.text);
  }
}

export function Board(opened: Stream<EventMap, "order.created">) {
  useEvent(opened, "order.created", ({ data }) => console.log(data.title));
  // @ts-expect-error an event that was not asked for
  useEvent(opened, "pet.added", () => {});
  // @ts-expect-error a misspelt event
  useEvents("/events", { "order.creatd": () => {} });
  const state: ConnectionState = useEvents("/events", { "order.created": ({ data }) => data.orderId });
  return [state, useConnectionState(opened)];
}

declare const client: { invalidateQueries(filters?: { queryKey: readonly unknown[] }): Promise<void> };
invalidateOn(stream, client, { "order.created": ({ data }) => [["orders", data.orderId]] });
// @ts-expect-error an event that was not asked for
invalidateOn(stream, client, { "pet.added": [["pets"]] });
export const orders = streamedEvents(({ signal }) => connect("/events", { events: ["order.created"], signal }));
