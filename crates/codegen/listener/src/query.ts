/**
 * TanStack Query: events make cached answers stale, and a stream fills a query. Says what it needs of TanStack by shape,
 * so that each of its packages fits and none is imported.
 */
import type { Unsubscribe } from "./dispatcher.js";
import type { Names } from "./pattern.js";
import type { EventOf, Stream } from "./stream.js";

export type QueryKey = readonly unknown[];

/** The part of a `QueryClient` that is needed. */
export interface Invalidator {
  invalidateQueries(filters?: { queryKey: QueryKey }): Promise<void>;
}

/** The part of what a `queryFn` is given. */
export interface Reading {
  readonly client: { setQueryData(queryKey: QueryKey, data: unknown): unknown };
  readonly queryKey: QueryKey;
  readonly signal: AbortSignal;
}

/** The keys that an event makes stale, fixed or made from the event. */
export type Invalidations<EventMap, Name extends Names<EventMap>> = {
  readonly [Key in Name]?: readonly QueryKey[] | ((event: EventOf<EventMap, Key>) => readonly QueryKey[]);
};

/** After a gap nobody knows what became stale, so everything did, unless `afterGap` names the keys. */
export const invalidateOn = <EventMap, Name extends Names<EventMap>>(
  stream: Stream<EventMap, Name, unknown>,
  client: Invalidator,
  keys: Invalidations<EventMap, NoInfer<Name>>,
  { afterGap }: { readonly afterGap?: readonly QueryKey[] } = {},
): Unsubscribe => {
  const invalidate = (stale: readonly QueryKey[]) =>
    Promise.all(stale.map((queryKey) => client.invalidateQueries({ queryKey })));
  const offGap = stream.onGap(() => (afterGap ? invalidate(afterGap) : client.invalidateQueries()));
  const offEvents = stream.onAny((event) => {
    const stale = keys[(event as EventOf<EventMap, Name>).event];
    return stale && invalidate(typeof stale === "function" ? stale(event as never) : stale);
  });
  return () => {
    offGap();
    offEvents();
  };
};

/**
 * A `queryFn` whose data are the events so far: the query succeeds with the first one and is done when the stream is.
 * Pass the signal on, so that a cancelled query closes its stream: `streamedEvents(({ signal }) => connect("/events", { signal, … }))`.
 */
export const streamedEvents =
  <Event>(open: (context: Reading) => AsyncIterable<Event> & Partial<Pick<Stream<never>, "state">>) =>
  async (context: Reading): Promise<readonly Event[]> => {
    let events: readonly Event[] = [];
    const stream = open(context);
    for await (const event of stream) {
      if (context.signal.aborted) break;
      events = [...events, event];
      context.client.setQueryData(context.queryKey, events);
    }
    // The stream itself never throws; a query that was refused is a failed query.
    if (stream.state?.current === "denied") throw new Error(`the stream was denied: ${stream.state.reason}`);
    return events;
  };
