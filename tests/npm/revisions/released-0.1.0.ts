// An application of the first release. It compiles against the types of every later one: the catalog only grew.

import type { AnyEvent, EscrowReleased, EventMap, OrderCreated, OrderStatus, PaymentError } from "@example/events";
import { connect, fetchTransport, match } from "@example/events/client";
import { publishTo } from "@example/events/publish";
import { useConnectionState, useEvents } from "@example/events/react";
import { fixture } from "@example/events/testing";
import { is } from "@example/events/validate/escrow.released";

const stream = connect("/events", { events: ["escrow.released", "payment.failed", "deliverable.rejected"] });

// One arm for each event of its own choice: later events are none of its business.
stream.onAny((event): string =>
  match(event, {
    "escrow.released": ({ data }) => `${data.amount} for ${data.milestoneId}`,
    "payment.failed": ({ data }) => explain(data.errorCode),
    "deliverable.rejected": ({ data }) => data.reason,
  }),
);

// An enum that may grow has a default, and a table a row for the rest, or none for some.
function explain(error: PaymentError): string {
  switch (error) {
    case "card_declined":
      return "the bank refused";
    case "expired_card":
      return "the card is too old";
    default:
      return `another reason: ${error}`;
  }
}
const labels: Partial<Record<OrderStatus, string>> = { paid: "Paid", in_transit: "On its way" };
export const label = (status: OrderStatus): string => labels[status] ?? status;

// Types of its own that take payloads, and payloads that its tests make.
interface Payout {
  readonly orderId: string;
  readonly amount: number;
}
export const payout = (released: EscrowReleased): Payout => released;
const made: OrderCreated = fixture("order.created", { title: "Logo" }).data;
export const escrow: EscrowReleased = { ...fixture("escrow.released").data, amount: 5 };
export const released = (value: unknown): number => (is(value) ? value.amount : 0);

// Any event at all.
const all = connect("/events", { transport: fetchTransport() });
all.onAny((event) => match(event, { "pet.added": ({ data }) => data.name, _: (other) => other.event }));
export function title(event: AnyEvent): string {
  return event.event === "order.created" ? event.data.title : event.event;
}
export const handlers: { [Name in keyof EventMap]?: (data: EventMap[Name]) => void } = {
  "order.created": ({ title }) => console.log(title),
};

export function Board() {
  const state = useEvents("/events", { "order.status.changed": ({ data }) => label(data.to) });
  return [state, useConnectionState(stream)];
}

// And a service that publishes.
const publish = publishTo("/publish");
export const release = (orderId: OrderCreated["orderId"], milestoneId: EscrowReleased["milestoneId"]) =>
  publish("escrow.released", { org: "acme" }, { orderId, milestoneId, amount: made.total });

// What never compiled, compiles with no later release.
export function exhausted(error: PaymentError): string {
  switch (error) {
    case "card_declined":
    case "insufficient_funds":
    case "expired_card":
    case "authentication_failed":
      return "known";
  }
  // @ts-expect-error what a newer server sends is left
  const nothing: never = error;
  return nothing;
}
