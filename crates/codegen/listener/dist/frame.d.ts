/** One frame of the stream, and the control events that the server mixes in under `growset.`. */
export interface Frame {
    readonly event: string;
    /** The `data` field as it was sent, not yet parsed. */
    readonly data: string;
    /** The frame's own id. A frame that only inherits the id before it has none. */
    readonly id?: string | undefined;
}
/** What is missing between the last event and the next one. Ask for the current state again. */
export interface Gap {
    readonly from?: string;
    readonly to?: string;
    /** `joined`: this tab took part in another tab's connection and did not hear how it began. */
    readonly reason: "trimmed" | "lagged" | "rollback" | "unknown" | "erased" | "joined" | (string & {});
}
/** The control events by name. `on` takes these names beside those of the contracts. */
export interface ControlEventMap {
    "growset.connected": {
        readonly catalog?: string;
        readonly server?: string;
        readonly resume?: "exact" | "gap" | "new";
        readonly pingMs?: number;
        /** How long to wait before connecting again, at the first failure, as `retry:` says it to who can read that. */
        readonly retryMs?: number;
        readonly deprecated?: unknown;
    };
    "growset.gap": Gap;
    "growset.ping": unknown;
    "growset.bye": {
        readonly retryMs?: number;
    };
    "growset.retired": {
        readonly event?: string;
        readonly use?: string;
    };
}
export type ControlName = keyof ControlEventMap;
/** A native `EventSource` hears only the names it was told, the unnamed `message` included. */
export declare const CONTROL_NAMES: readonly string[];
