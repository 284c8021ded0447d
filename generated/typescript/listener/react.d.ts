import type { Names } from "./pattern.js";
import type { ConnectionState } from "./state.js";
import type { Connect, EventOf, Handler, Options, Stream, Unknown } from "./stream.js";
/** One handler for each event that is wanted. */
export type Handlers<EventMap, Name extends Names<EventMap>> = {
    readonly [Key in Name]: (event: EventOf<EventMap, Key>) => unknown;
};
/** What `useEvents` takes beside what `connect` does. */
export interface Told {
    /** Who listens, for instance the user's id: when it changes the stream opens anew, after a denial as well. */
    readonly session?: string | number | undefined;
    readonly onGap?: (() => unknown) | undefined;
    readonly onUnknown?: Handler<Unknown> | undefined;
}
export interface Hooks<EventMap> {
    /** Calls the newest handler, which needs no `useCallback`. */
    useEvent<Name extends Names<EventMap>, Key extends Name>(stream: Stream<EventMap, Name, unknown>, name: Key, handler: (event: EventOf<EventMap, Key>) => unknown): void;
    /**
     * Opens a stream of these events while the component is mounted; anew when `url`, `channel`, `until` or `session` change.
     * When other names get handlers it resumes from where it was. `transport`, `fallback`, `withCredentials` and `validate`
     * are those of the last render each time they are needed; `pingMs`, `environment` and `lastEventId` those of the first.
     */
    useEvents<Name extends Names<EventMap>>(url: string, handlers: Handlers<EventMap, Name>, options?: Omit<Options<NoInfer<Name>>, "signal"> & Told): ConnectionState;
    useConnectionState(stream: {
        readonly state: Stream<EventMap>["state"];
    }): ConnectionState;
}
/** Binds the hooks to the `connect` of one package. */
export declare const hooks: <EventMap>(connect: Connect<EventMap>) => Hooks<EventMap>;
