// What a page of our own catalog may write, and what must not compile.

import type { AnyEvent, DraftEventMap, EventMap, OrderId, OrderStatus, OrderStatusChanged } from "@example/events";
import { ORDER_CREATED, eventNames } from "@example/events";

declare function on<Name extends keyof EventMap>(name: Name, listen: (data: EventMap[Name]) => void): void;

on("order.created", (data) => {
  const orderId: OrderId = data.orderId;
  const shown: string = data.displayAmount ?? String(data.total);
  console.log(orderId, shown);
});

// @ts-expect-error a misspelt event
on("order.creatd", () => {});

on("order.created", (data) => {
  // @ts-expect-error a misspelt field
  console.log(data.ordrId);
  // @ts-expect-error what came is not changed
  data.title = "other";
});

// @ts-expect-error a draft is no event yet
on("deliverable.commented", () => {});
type Draft = DraftEventMap["deliverable.commented"];
declare const draft: Draft;
console.log(draft.text);

// An absent field and null are different things.
declare const changed: OrderStatusChanged;
if (changed.estimatedDelivery === undefined) {
  console.log("the move said nothing about it");
} else if (changed.estimatedDelivery === null) {
  console.log("the promise was taken back");
} else {
  const day: string = changed.estimatedDelivery;
  console.log(day);
}
// @ts-expect-error present and undefined is neither
const undefinedField: Pick<OrderStatusChanged, "estimatedDelivery"> = { estimatedDelivery: undefined };

// Any event, told apart by its name.
function title(event: AnyEvent): string {
  if (event.event === "order.created") {
    return event.data.title;
  }
  // @ts-expect-error another event has no title
  return event.data.title;
}

// Two kinds of ids are not mixed up.
declare const orderId: OrderId;
// @ts-expect-error an order is no deliverable
const deliverableId: EventMap["deliverable.accepted"]["deliverableId"] = orderId;
// @ts-expect-error any string is no order id
const fromText: OrderId = "ord_1";
const made = "ord_1" as OrderId;

// Statuses are open.
declare let status: OrderStatus;
status = "paid";
// @ts-expect-error a stray literal
status = "payed";
// @ts-expect-error a misspelt comparison
if (status === "payed") console.log("never");

const created: "order.created" = ORDER_CREATED;
const first: keyof EventMap | undefined = eventNames[0];

export { title, undefinedField, deliverableId, fromText, made, created, first };
