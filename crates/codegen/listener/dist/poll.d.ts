/** `GET /poll` for where no stream comes through: no `EventSource`, or a proxy that holds answers back. */
import { type FetchSettings } from "./fetch.js";
import { type Transport } from "./transport.js";
/** Takes over where streams are held back. */
export interface Fallback {
    readonly transport: Transport;
    /** After so many attempts in a row that stood and brought not a byte. */
    readonly after: number;
}
export interface PollSettings {
    /** Where to poll, for instance `/poll`. */
    readonly url: string;
    readonly headers?: FetchSettings["headers"] | undefined;
    /**
     * After so many attempts in a row that stood and brought not a byte, 3 unless told. A server that is away, and says so by
     * refusing or breaking off, would not answer polls either.
     */
    readonly after?: number | undefined;
    /** After so many milliseconds at most the stream is tried again: at first after 30 s. Five minutes unless told. */
    readonly session?: number | undefined;
}
export declare const pollFallback: ({ url, headers, after, session }: PollSettings) => Fallback;
