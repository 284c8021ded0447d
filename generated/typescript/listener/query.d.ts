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
    invalidateQueries(filters?: {
        queryKey: QueryKey;
    }): Promise<void>;
}
/** The part of what a `queryFn` is given. */
export interface Reading {
    readonly client: {
        setQueryData(queryKey: QueryKey, data: unknown): unknown;
    };
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
export declare const invalidateOn: <EventMap, Name extends Names<EventMap>>(stream: Stream<EventMap, Name, unknown>, client: Invalidator, keys: Invalidations<EventMap, NoInfer<Name>>, { afterGap }?: {
    readonly afterGap?: readonly QueryKey[];
}) => Unsubscribe;
export interface StreamedSettings {
    /** Keeps the newest events, so many of them. All unless told. */
    readonly keep?: number | undefined;
}
/**
 * A `queryFn` whose data are the events so far: the query succeeds with the first one and is done when the stream is. A burst
 * of events is one change of the query.
 * Pass the signal on, so that a cancelled query closes its stream: `streamedEvents(({ signal }) => connect("/events", { signal, … }))`.
 */
export declare const streamedEvents: <Event>(open: (context: Reading) => AsyncIterable<Event> & Partial<Pick<Stream<never>, "state">>, { keep }?: StreamedSettings) => (context: Reading) => Promise<readonly Event[]>;
