/** What a page may show of its connection, as a value that can be watched. */
import { type Dispatcher } from "./dispatcher.js";
/**
 * - `connecting`: nothing heard yet.
 * - `live`: events come as they happen.
 * - `stale`: open, but quieter than the server should be.
 * - `retrying`: lost or offline; tries again by itself.
 * - `polling`: events come late, by asking again and again.
 * - `denied`: the server answered 401 or 403; it is not asked again.
 * - `closed`: ended by the page, by the server, or by the terminal event; or never begun, for want of an `EventSource`.
 */
export type ConnectionState = "connecting" | "live" | "stale" | "retrying" | "polling" | "denied" | "closed";
export interface StateStore {
    readonly current: ConnectionState;
    /** Why: an HTTP status or a few words, empty while all is well. */
    readonly reason: string;
    /** Calls at once with the current state, then at each change. Returns what ends it. */
    subscribe(listener: (state: ConnectionState, reason: string) => void): () => void;
}
export interface WritableState extends StateStore {
    set(state: ConnectionState, reason?: number | string): void;
}
export declare const stateStore: (events: Dispatcher) => WritableState;
/** `denied` and `closed`, and no others, end so. */
export declare const isOver: ({ current }: StateStore) => boolean;
