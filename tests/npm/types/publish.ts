// A service that publishes our own catalog, and a test of an application: what they may write, and what must not compile.

import type { OrderId, OrderStatus } from "@example/events";
import { connect } from "@example/events/client";
import { PublishError, publishTo } from "@example/events/publish";
import { fakeServer, fixture } from "@example/events/testing";

const publish = publishTo("https://events.internal/publish", { headers: () => ({ authorization: "Bearer x" }) });

export async function place(orderId: OrderId) {
  const order = { orderId, title: "Logo", total: 100, currency: "EUR" as never } as const;
  try {
    const { id } = await publish("order.created", { org: "acme" }, order, { key: `${orderId}-created` });
    return id;
  } catch (error) {
    return error instanceof PublishError ? error.problem.detail : undefined;
  }
  // @ts-expect-error a derived field is the server's
  publish("order.created", { org: "acme" }, { ...order, displayAmount: "EUR 1.00" });
  // @ts-expect-error a misspelt field
  publish("order.created", { org: "acme" }, { ...order, titel: "Logo" });
  // @ts-expect-error the audience wants a user
  publish("payment_completed", { org: "acme" }, { amount: 1, currency: order.currency });
  publish("payment_completed", { org: "acme", user: "anna" }, { amount: 1, currency: order.currency });
}

declare const heard: OrderStatus;
declare const known: OrderStatus.Known;
const moved = { orderId: "ord_1" as OrderId, from: known };
publish("order.status.changed", { org: "acme" }, { ...moved, to: "paid" });
publish("order.status.changed", { org: "acme" }, { ...moved, to: known });
// @ts-expect-error what was heard may be newer than what may be sent
publish("order.status.changed", { org: "acme" }, { ...moved, to: heard });
// @ts-expect-error a draft is no event yet
publish("deliverable.commented", { org: "acme" }, {});

const server = fakeServer();
connect("/events", { events: ["order.created"], ...server.options });
const title: string = server.send("order.created", { title: "Logo" }).data.title;
const to: OrderStatus = fixture("order.status.changed", { to: "paid" }).data.to;
// @ts-expect-error a misspelt field
fixture("order.created", { titel: "Logo" });
// @ts-expect-error a misspelt event
server.send("order.creatd");
export { title, to };
