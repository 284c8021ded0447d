/** A small package's events, as `generate` would bind them. */
import { match as anyMatch, bind, type Connect, type Match, type Stream } from "../../src/client.js";

export interface EventMap {
  "order.created": { readonly orderId: string; readonly total: number };
  "order.status.changed": { readonly orderId: string; readonly to: "paid" | "in_transit" };
  "order.closed": { readonly orderId: string };
  order_update: { readonly orderId: string };
}

export const connect: Connect<EventMap> = bind<EventMap>({ catalog: "9f2c", version: "1.4.0" });
export const match: Match<EventMap> = anyMatch as unknown as Match<EventMap>;

export interface Waiting {
  /** Resolves when the line is the next to come. */
  next(line: string): Promise<void>;
  /** Resolves when the line has come. */
  until(line: string): Promise<void>;
}

/** Everything that a stream says, in order, as short lines, and a way to wait for one. */
export const record = (
  stream: Stream<EventMap, never> | Stream<EventMap, keyof EventMap, unknown>,
): string[] & Waiting => {
  const lines: string[] = [];
  let waiting: { readonly line: string; readonly resolve: () => void }[] = [];
  const note = (line: string) => {
    lines.push(line);
    for (const waiter of waiting) if (waiter.line === line) waiter.resolve();
    waiting = waiting.filter((waiter) => waiter.line !== line);
  };
  const next = (line: string) => new Promise<void>((resolve) => waiting.push({ line, resolve }));
  const any = stream as Stream<EventMap>;
  any.state.subscribe((state, reason) => note(reason ? `${state} (${reason})` : state));
  any.onAny(({ event, data, id }) => note(`${event} ${data.orderId}${id ? ` #${id}` : ""}`));
  any.onGap(({ reason }) => note(`gap ${reason}`));
  any.onUnknown(({ event, reason }) => note(`unknown ${reason} ${event}`));
  return Object.defineProperties(lines, {
    next: { value: next },
    until: { value: async (line: string) => lines.includes(line) || next(line) },
  }) as string[] & Waiting;
};
