/** A small package's events, as `generate` would bind them. */
import { match as anyMatch, bind, type Connect, type Match, type Stream } from "../../src/client.js";
import type { Clock } from "./clock.js";

export interface EventMap {
  "order.created": { readonly orderId: string; readonly total: number };
  "order.status.changed": { readonly orderId: string; readonly to: "paid" | "in_transit" };
  "order.closed": { readonly orderId: string };
  order_update: { readonly orderId: string };
}

export const connect: Connect<EventMap> = bind<EventMap>({ catalog: "9f2c", version: "1.4.0" });
export const match: Match<EventMap> = anyMatch as unknown as Match<EventMap>;

/** Everything that a stream says, in order, as short lines. */
export const record = (stream: Stream<EventMap, never> | Stream<EventMap>): string[] => {
  const lines: string[] = [];
  const any = stream as Stream<EventMap>;
  any.state.subscribe((state, reason) => lines.push(reason ? `${state} (${reason})` : state));
  any.onAny(({ event, data, id }) => lines.push(`${event} ${data.orderId}${id ? ` #${id}` : ""}`));
  any.onGap(({ reason }) => lines.push(`gap ${reason}`));
  any.onUnknown(({ event, reason }) => lines.push(`unknown ${reason} ${event}`));
  return lines;
};

export type { Clock };
