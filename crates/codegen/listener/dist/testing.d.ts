/**
 * For tests of applications: payloads from the contracts' examples, and a server that lives in the test's own process.
 * What a test listens with is the real client; only `fetch` and chance are played, so nothing waits and nothing is guessed.
 */
import type { Environment } from "./environment.js";
import type { Frame, Gap } from "./frame.js";
import { type Names } from "./pattern.js";
import type { EventOf } from "./stream.js";
import type { Transport } from "./transport.js";
/** By event, the examples of its contract as listeners get them. */
export type Examples<EventMap> = {
    readonly [Name in Names<EventMap>]: readonly EventMap[Name][];
};
export type Overrides<Data> = unknown extends Data ? unknown : {
    readonly [Key in keyof Data]?: Data[Key];
};
export interface FakeServer<EventMap> {
    /** For `connect`: `connect(url, { events, ...server.options })`. Whatever the address, this server answers. */
    readonly options: {
        readonly transport: Transport;
        readonly environment: Environment;
    };
    /** Answers a request as the server would: for libraries that play the network, such as MSW. */
    respond(request: Request): Promise<Response>;
    /** How many streams stand. */
    readonly open: number;
    /** Resolves once so many streams stand, one unless told. */
    connected(streams?: number): Promise<void>;
    /** Publishes an example with these fields in place of its own, to the streams that stand and to those that resume. */
    send<Name extends Names<EventMap>>(event: Name, overrides?: Overrides<EventMap[Name]>): EventOf<EventMap, Name>;
    /** Any frame whatever: a newer event, an id that came before, data that is no JSON. */
    sendFrame(frame: Frame): void;
    /** Tells every stream that events are missing. */
    gap(reason?: Gap["reason"]): void;
    /** Breaks every stream; they come back by themselves and miss nothing. */
    drop(): void;
    /** Says goodbye on every stream, as a server does that shuts down. */
    bye(retryMs?: number): void;
    /** Forgets its history: who resumes gets a gap. */
    forget(): void;
    /** Answers this status from now on, until `accept`, and breaks what stands. */
    refuse(status: number): void;
    accept(): void;
}
export interface Testing<EventMap> {
    /** An event as a handler gets it: the contract's example with these fields in place of its own. */
    fixture<Name extends Names<EventMap>>(event: Name, overrides?: Overrides<EventMap[Name]>): EventOf<EventMap, Name>;
    fakeServer(): FakeServer<EventMap>;
}
/** Binds both to the examples of one package. */
export declare const testing: <EventMap>(examples: Examples<EventMap>) => Testing<EventMap>;
/** What MSW's `http` has, as far as it is needed. */
interface MockHttp<Handler> {
    get(path: string, answer: (context: {
        readonly request: Request;
    }) => Promise<Response>): Handler;
    post(path: string, answer: (context: {
        readonly request: Request;
    }) => Promise<Response>): Handler;
}
/** Handlers for MSW: `setupServer(...mswHandlers(http, "/events", server))`. */
export declare const mswHandlers: <Handler>(http: MockHttp<Handler>, path: string, { respond }: Pick<FakeServer<never>, "respond">) => Handler[];
export {};
