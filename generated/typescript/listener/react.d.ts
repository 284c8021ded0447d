import type { Names } from "./pattern.js";
import type { ConnectionState } from "./state.js";
import type { Connect, EventOf, Handler, Options, Stream, Unknown } from "./stream.js";
/** One handler for each event that is wanted. */
export type Handlers<EventMap, Name extends Names<EventMap>> = {
    readonly [Key in Name]: (event: EventOf<EventMap, Key>) => unknown;
};
/** What `useEvents` tells beside the events. */
export interface Told {
    readonly onGap?: (() => unknown) | undefined;
    readonly onUnknown?: Handler<Unknown> | undefined;
}
export interface Hooks<EventMap> {
    /** Calls the newest handler, which needs no `useCallback`. */
    useEvent<Name extends Names<EventMap>, Key extends Name>(stream: Stream<EventMap, Name, unknown>, name: Key, handler: (event: EventOf<EventMap, Key>) => unknown): void;
    /** Opens a stream of these events while the component is mounted; anew when the address or the names change. */
    useEvents<Name extends Names<EventMap>>(url: string, handlers: Handlers<EventMap, Name>, options?: Omit<Options<NoInfer<Name>>, "signal"> & Told): ConnectionState;
    useConnectionState(stream: {
        readonly state: Stream<EventMap>["state"];
    }): ConnectionState;
}
/** Binds the hooks to the `connect` of one package. */
export declare const hooks: <EventMap>(connect: Connect<EventMap>) => Hooks<EventMap>;
