/** `GET /poll` for where no stream comes through: no `EventSource`, or a proxy that holds answers back. */
import { type FetchSettings } from "./fetch.js";
import { type Transport } from "./transport.js";
/** Takes over after repeated failures. */
export interface Fallback {
    readonly transport: Transport;
    /** So many failed attempts in a row. */
    readonly after: number;
}
export interface PollSettings {
    /** Where to poll, for instance `/poll`. */
    readonly url: string;
    readonly headers?: FetchSettings["headers"] | undefined;
    /** Failed attempts in a row before polling starts. 3 unless told. */
    readonly after?: number | undefined;
    /** After so many milliseconds the stream is tried again. Five minutes unless told. */
    readonly session?: number | undefined;
}
export declare const pollFallback: ({ url, headers, after, session }: PollSettings) => Fallback;
