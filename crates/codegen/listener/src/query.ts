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

/**
 * After a gap nobody knows what became stale, so everything did, unless `afterGap` names the keys. While a key is fetched
 * again, the events that make it stale once more are answered by one more fetch after that, however many they are: each answer
 * arrives, and the last one is newer than the last event.
 */
export const invalidateOn = <EventMap, Name extends Names<EventMap>>(
  stream: Stream<EventMap, Name, unknown>,
  client: Invalidator,
  keys: Invalidations<EventMap, NoInfer<Name>>,
  { afterGap }: { readonly afterGap?: readonly QueryKey[] } = {},
): Unsubscribe => {
  /** By key, what is fetched again now, and whether it has to be once more. */
  const running = new Map<string, boolean>();
  const invalidate = async (queryKey?: QueryKey) => {
    const key = JSON.stringify(queryKey ?? "");
    if (running.has(key)) {
      running.set(key, true);
      return;
    }
    try {
      do {
        running.set(key, false);
        await (queryKey ? client.invalidateQueries({ queryKey }) : client.invalidateQueries());
      } while (running.get(key));
    } finally {
      running.delete(key);
    }
  };
  const all = (stale: readonly QueryKey[]) => Promise.all(stale.map(invalidate));
  const offGap = stream.onGap(() => (afterGap ? all(afterGap) : invalidate()));
  const offEvents = stream.onAny((event) => {
    const stale = keys[(event as EventOf<EventMap, Name>).event];
    return stale && all(typeof stale === "function" ? stale(event as never) : stale);
  });
  return () => {
    offGap();
    offEvents();
  };
};

export interface StreamedSettings {
  /** Keeps the newest events, so many of them. All unless told. */
  readonly keep?: number | undefined;
}

/**
 * A `queryFn` whose data are the events so far: the query succeeds with the first one and is done when the stream is. A burst
 * of events is one change of the query.
 * Pass the signal on, so that a cancelled query closes its stream: `streamedEvents(({ signal }) => connect("/events", { signal, … }))`.
 */
export const streamedEvents =
  <Event>(
    open: (context: Reading) => AsyncIterable<Event> & Partial<Pick<Stream<never>, "state">>,
    { keep = Number.POSITIVE_INFINITY }: StreamedSettings = {},
  ) =>
  async (context: Reading): Promise<readonly Event[]> => {
    const { client, queryKey, signal } = context;
    let events: readonly Event[] = [];
    let fresh: Event[] = [];
    const take = () => {
      events = [...events, ...fresh].slice(-keep);
      fresh = [];
      return events;
    };
    const show = () => {
      if (fresh.length && !signal.aborted) client.setQueryData(queryKey, take());
    };
    const stream = open(context);
    for await (const event of stream) {
      if (signal.aborted) break;
      // The first of a burst waits until the rest is here: a list that is copied for each costs the square of its length.
      if (!fresh.length) setTimeout(show);
      fresh.push(event);
    }
    // The stream itself never throws; a query that was refused is a failed query.
    if (stream.state?.current === "denied") throw new Error(`the stream was denied: ${stream.state.reason}`);
    return take();
  };
