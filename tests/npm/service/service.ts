// A service in Node, compiled without the types of browsers: it listens to one server, checks, and publishes to another.

import type { EventMap } from "@example/events";
import { connect, fetchTransport, shareTabs } from "@example/events/client";
import { PublishError, publishTo } from "@example/events/publish";
import { streamedEvents } from "@example/events/query";
import { fakeServer, fixture } from "@example/events/testing";
import { contract, is } from "@example/events/validate/order.created";

const headers = () => ({ authorization: `Bearer ${process.env.TOKEN}` });
const publish = publishTo("http://127.0.0.1:8080/publish", { headers });

export async function forward(): Promise<void> {
  const transport = fetchTransport({ headers: async () => new Headers(headers()) });
  const stream = connect("http://127.0.0.1:8080/events", { events: ["order.created"], transport, validate: [contract] });
  stream.onUnknown(({ reason, path, message }) => console.warn(reason, path?.join("."), message));
  for await (const { data, id } of stream) {
    const { displayAmount, ...order } = data;
    if (id) await publish("order.created", { org: "acme" }, order, { key: id }).catch(report);
    console.log(displayAmount);
  }
}

const report = (error: unknown) => {
  if (!(error instanceof PublishError)) throw error;
  console.error(error.status, error.problem.detail);
};

export const fromOutside = (value: unknown): EventMap["order.created"] | undefined => (is(value) ? value : undefined);
export const unused = [shareTabs, streamedEvents, fakeServer, fixture("order.created")];
