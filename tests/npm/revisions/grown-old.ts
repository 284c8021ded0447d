// An application from before the contract grew: a value, a case, and fields at every depth were added since.

import type { OrderCreated, OrderCreatedCause, OrderCreatedStatus } from "@example/events";
import { connect, match } from "@example/events/client";
import { publishTo } from "@example/events/publish";

export function status(value: OrderCreatedStatus): string {
  if (value === "created") return "new";
  switch (value) {
    case "paid":
      return "paid for";
    default:
      return `as the server calls it: ${value}`;
  }
}

export function cause(value: OrderCreatedCause): string {
  if (value.kind === "user") return value.name;
  return `something newer: ${value.kind}`;
}

export const order: OrderCreated = {
  id: "a",
  status: "paid",
  cause: { kind: "user", name: "x" },
  lines: [{ sku: "a" }],
};
export const skus = (created: OrderCreated): readonly string[] => created.lines.map(({ sku }) => sku);

connect("/events", { events: ["order.created"] }).onAny((event) =>
  // It is every event of the catalog, so there is an arm for the rest.
  match(event, { "order.created": ({ data }) => status(data.status) + cause(data.cause), _: () => "" }),
);
publishTo("/publish")("order.created", { org: "acme" }, {
  id: "a",
  status: "created",
  cause: { kind: "user", name: "x" },
  lines: [{ sku: "a" }],
});

export function exhausted(value: OrderCreatedStatus, reason: OrderCreatedCause) {
  // @ts-expect-error what a newer server sends is left
  const noStatus: never = value === "created" || value === "paid" ? undefined! : value;
  // @ts-expect-error and so is a newer case
  const noCause: never = reason.kind === "user" ? undefined! : reason;
  return [noStatus, noCause];
}
