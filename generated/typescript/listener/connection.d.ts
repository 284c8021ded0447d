import type { Environment } from "./environment.js";
import type { Frame } from "./frame.js";
import type { Fallback } from "./poll.js";
import type { WritableState } from "./state.js";
import type { Subscription, Transport } from "./transport.js";
export interface Plan {
    readonly url: string | (() => string | Promise<string>);
    readonly subscription: Subscription;
    /** The browser's `EventSource` unless told. */
    readonly transport: Transport | undefined;
    readonly fallback: Fallback | undefined;
    readonly lastEventId: string;
    readonly pingMs: number;
    readonly withCredentials: boolean;
    readonly signal: AbortSignal | undefined;
    readonly environment: Environment;
    readonly state: WritableState;
    /** Takes each frame that was not seen before. */
    receive(frame: Frame): void;
}
export interface Connection {
    lastEventId(): string;
    /** The server said how often it breaks its silence. */
    expectPing(milliseconds: number): void;
    /** Ends this attempt; the next one comes after this time at least. */
    leave(milliseconds: number): void;
    close(reason: string): void;
}
export declare const openConnection: (plan: Plan) => Connection;
