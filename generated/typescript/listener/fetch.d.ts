/** Streams by `fetch`: headers of the page's making, POST, and every event whatever its name. */
import type { HeadersLike } from "./environment.js";
import { type Attempt, type Subscription, type Transport } from "./transport.js";
export interface FetchSettings {
    /** Asked again on every attempt, so that a token can be fresh. */
    readonly headers?: (() => HeadersLike | Promise<HeadersLike>) | undefined;
    /** Makes it a POST with this as its JSON, asked again on every attempt. The address then carries no subscription. */
    readonly body?: ((subscription: Subscription) => unknown) | undefined;
}
/** The request's parts that streaming and polling share. */
export declare const request: ({ environment, signal, withCredentials }: Attempt, headers: FetchSettings["headers"], url: string, settings: RequestInit & {
    own?: Record<string, string>;
}) => Promise<Response>;
export declare const fetchTransport: ({ headers, body }?: FetchSettings) => Transport;
