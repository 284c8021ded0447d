// A plain script in Node: hears one order, and says so.
import { connect, fetchTransport } from "@example/events/client";
import { is } from "@example/events/validate/order.created";

const stream = connect(process.argv[2], { events: ["order.created"], transport: fetchTransport() });
for await (const { data } of stream) {
  console.log(is(data) ? data.title : "not an order");
  break;
}
