import type { Environment } from "./environment.js";
import type { Frame } from "./frame.js";
import type { Fallback } from "./poll.js";
import type { WritableState } from "./state.js";
import { type Subscription, type Transport } from "./transport.js";
/** An address, or what makes one for each attempt: a fresh ticket in the query, for instance. */
export type Address = string | (() => string | Promise<string>);
/** What a page may settle. `transport`, `fallback` and `withCredentials` are looked up on each attempt. */
export interface Settings {
    /** The browser's `EventSource` unless told: `fetchTransport()` or `shareTabs()`. */
    readonly transport?: Transport | undefined;
    readonly fallback?: Fallback | undefined;
    /** Whether cookies go to another origin. They do unless told. */
    readonly withCredentials?: boolean | undefined;
    readonly signal?: AbortSignal | undefined;
    /** Where to resume, as `stream.lastEventId` said. */
    readonly lastEventId?: string | undefined;
    /** The ping interval until the server says its own; `Infinity` for a server that never pings. 15 s unless told. */
    readonly pingMs?: number | undefined;
}
export interface Connection {
    lastEventId(): string;
    /** The server said how often it breaks its silence, and when to come back. What is no such number changes nothing. */
    expect(pingMs: number | undefined, retryMs: number | undefined): void;
    /** Ends this attempt, with this reason; the next one comes after this time at least, or none with an end for good. */
    lose(reason: string, least: number, end?: "closed"): void;
}
/** `receive` takes each frame that was not seen before. */
export declare const openConnection: (address: Address, subscription: Subscription, options: Settings, environment: Environment, state: WritableState, receive: (frame: Frame) => void) => Connection;
