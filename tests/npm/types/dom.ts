// The browser's own EventSource, typed.

import type { EventMap, OrderCreated } from "@example/events";
import type { JsonText } from "@example/events/dom";
import "@example/events/dom";

const source = new EventSource("/events");

source.addEventListener("order.created", (event) => {
  const data = JSON.parse(event.data);
  const order: OrderCreated = data;
  // @ts-expect-error a misspelt field
  console.log(order, data.ordrId, event.lastEventId);
});
source.addEventListener("error", (event) => console.log(event.type));
source.addEventListener("elsewhere", (event) => console.log(event.data.anything));

// JSON that came from elsewhere parses as before.
const fromText = JSON.parse("{}");
fromText.anything.goes;
const fromAny = JSON.parse(fromText);
fromAny.anything.goes;
const revived = JSON.parse("{}", (_key, value) => value);
revived.anything.goes;

declare const text: JsonText<EventMap["pet.added"]>;
const pet: EventMap["pet.added"] = JSON.parse(text);
const plain: string = text;

export { pet, plain };
