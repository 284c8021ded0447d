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
    }) => EventSource) | undefined;
    readonly BroadcastChannel?: (new (name: string) => BroadcastChannel) | undefined;
    readonly navigator?: {
        readonly locks?: LockManager;
    } | undefined;
    addEventListener?(type: string, run: () => void, settings: {
        signal: AbortSignal;
    }): void;
    reportError?(error: unknown): void;
}
