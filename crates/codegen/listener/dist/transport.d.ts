/** The seam between the connection, which decides, and the transports, which carry. */
import type { Environment } from "./environment.js";
import type { Frame } from "./frame.js";
/** What is asked of the server, as query parameters or as the body of a POST. */
export interface Subscription {
    readonly events?: readonly string[] | undefined;
    readonly channel?: string | undefined;
    /** The terminal event after which the server ends the response. */
    readonly until?: string | undefined;
    /** Digest of the catalog that this page was built from. */
    readonly catalog?: string | undefined;
    /** Version of the generated package. */
    readonly version?: string | undefined;
}
/** One try to reach the server. */
export interface Attempt {
    readonly url: string;
    readonly subscription: Subscription;
    /** The id of the last event heard, empty at first. Ask late: with a shared connection it moves on meanwhile. */
    lastEventId(): string;
    readonly withCredentials: boolean;
    readonly environment: Environment;
    /** Begins the next attempt at once, if this one is over. */
    again(): void;
    /** Aborted when this attempt is over, by whoever ends it. */
    readonly signal: AbortSignal;
    /** Aborted when the whole stream is over. */
    readonly life: AbortSignal;
}
/** How a transport tells what it hears. After `signal` is aborted nothing here has an effect. */
export interface Line {
    /** Bytes arrived, if only a comment. */
    heard(): void;
    frame(frame: Frame): void;
    /** The server's `retry:` field. */
    retry(milliseconds: number): void;
    /** The attempt is over: an HTTP status where one is known, else a few words. Try again after `least` milliseconds. */
    end(reason: number | string, least?: number): void;
}
/** Carries one attempt. A throw, or a rejection, is the end of the attempt. */
export type Transport = (attempt: Attempt, line: Line) => void | Promise<void>;
/** One that hears only the names it is told, as the browser's `EventSource` does. The mark is a type's, and nothing runs by it. */
export type NamesOnly = Transport & {
    readonly namesOnly?: true;
};
/** One that brings whatever the server sends. */
export type AnyName = Transport & {
    readonly namesOnly?: never;
};
/** Why a stream can never be: the end for good. */
export declare const NO_SOURCE = "no EventSource";
/**
 * An answer that is no stream: its status, what is wrong with the question (RFC 9457), and when the server wants to be asked
 * again, in seconds or as a date.
 */
export declare const refused: ({ environment }: Attempt, line: Line, response: Response) => Promise<void>;
/** The address with the subscription in its query. */
export declare const address: (url: string, query: object) => string;
