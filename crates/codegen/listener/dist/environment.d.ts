/**
 * What the client takes from the world around it. `globalThis` is one; a test passes its own, so that no test sleeps
 * and none depends on chance.
 */
export interface Environment {
    readonly Date: {
        now(): number;
    };
    readonly Math: {
        random(): number;
    };
    setTimeout(run: () => void, milliseconds: number): unknown;
    clearTimeout(timer: unknown): void;
    fetch(url: string, request: RequestInit): Promise<Response>;
    readonly EventSource?: (new (url: string, settings: {
        withCredentials: boolean;
    }) => Source) | undefined;
    readonly BroadcastChannel?: (new (name: string) => Channel) | undefined;
    readonly navigator?: {
        readonly locks?: Locks;
    } | undefined;
    addEventListener?(type: string, run: () => void, settings: {
        signal: AbortSignal;
    }): void;
    reportError?(error: unknown): void;
}
/** As `fetch` takes them. */
export type HeadersLike = NonNullable<ConstructorParameters<typeof Headers>[0]>;
/** An `EventSource`. */
export interface Source {
    readonly readyState: number;
    onerror: ((event: never) => unknown) | null;
    addEventListener(name: string, handler: (message: {
        readonly data: string;
        readonly lastEventId: string;
    }) => void): void;
    close(): void;
}
/** A `BroadcastChannel`. */
export interface Channel {
    onmessage: ((message: never) => unknown) | null;
    postMessage(message: unknown): void;
    close(): void;
}
/** A `LockManager`. */
export interface Locks {
    request(name: string, settings: {
        readonly signal?: AbortSignal;
        readonly steal?: boolean;
    }, run: () => Promise<unknown>): Promise<unknown>;
}
