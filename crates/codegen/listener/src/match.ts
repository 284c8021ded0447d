/** `match`: one arm per event name. */
import type { Names } from "./stream.js";

type Tagged = { readonly event: string };

type Arms<Event extends Tagged, Result> = {
  readonly [Name in Event["event"]]: (event: Extract<Event, { readonly event: Name }>) => Result;
};

type Rest<Event extends Tagged, Result> = Partial<Arms<Event, Result>> & {
  readonly _: (event: Event) => Result;
};

/**
 * Exhaustive over the names that the event can have. Over all events of the package it wants an arm `_`, so that a new
 * event breaks nobody.
 */
export type Match<EventMap> = <Event extends { readonly event: Names<EventMap> }, Result>(
  event: Event,
  arms: [Names<EventMap>] extends [Event["event"]]
    ? Rest<Event, Result>
    : Arms<Event, Result> | Rest<Event, Result>,
) => Result;

export const match: Match<Record<string, unknown>> = (event, arms) => {
  const table = arms as Record<string, ((value: typeof event) => never) | undefined>;
  return (Object.hasOwn(table, event.event) ? table[event.event] : table._)?.(event) as never;
};
