// A library that exports what it makes of these types: its own declarations must be able to name them.

import type { Cause, Colour, ShapeId } from "@example/constructs";
import { connect, fetchTransport, match, pollFallback, shareTabs } from "@example/events/client";
import { invalidateOn, streamedEvents } from "@example/events/query";
import { useEvent, useEvents } from "@example/events/react";

export const notRed = (colour: Colour, shapeId: ShapeId) => (colour === "red" ? null : { colour, shapeId });
export const withoutUser = (cause: Cause) => (cause.kind === "user" ? null : cause);

export const orders = (key: string) => connect("/events", { events: ["order.created"], transport: shareTabs({ key }) });
export const everything = connect("/events", { transport: fetchTransport() });
export const loop = everything[Symbol.asyncIterator]();
export const created = (handle: Parameters<typeof everything.onAny>[0]) => everything.onAny(handle);
export const unknown = new Promise((resolve: Parameters<typeof everything.onUnknown>[0]) => everything.onUnknown(resolve));
export const tell = <const Table extends Parameters<typeof match>[1]>(table: Table) => table;
export const state = everything.state;
export const useOrders = () => useEvents("/events", { "order.created": ({ data }) => data.orderId });
export const hook = useEvent;
export const ordersQuery = streamedEvents(() => orders("mine"));
export const refresh = invalidateOn;
export const polling = pollFallback({ url: "/poll" });
