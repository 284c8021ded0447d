/** React: hooks over a stream. A page that opens its stream on start needs `useEvent` and `useConnectionState` alone. */
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
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
  useEvent<Name extends Names<EventMap>, Key extends Name>(
    stream: Stream<EventMap, Name, unknown>,
    name: Key,
    handler: (event: EventOf<EventMap, Key>) => unknown,
  ): void;
  /**
   * Opens a stream of these events while the component is mounted; anew when `url`, `channel`, `until` or `session` change.
   * When other names get handlers it resumes from where it was. `transport`, `fallback`, `withCredentials` and `validate`
   * are those of the last render each time they are needed; `pingMs`, `environment` and `lastEventId` those of the first.
   */
  useEvents<Name extends Names<EventMap>>(
    url: string,
    handlers: Handlers<EventMap, Name>,
    options?: Omit<Options<NoInfer<Name>>, "signal"> & Told,
  ): ConnectionState;
  useConnectionState(stream: { readonly state: Stream<EventMap>["state"] }): ConnectionState;
}

const connecting = (): ConnectionState => "connecting";

const useConnectionState = ({ state }: { readonly state: Stream<never>["state"] }): ConnectionState =>
  useSyncExternalStore(state.subscribe, () => state.current, connecting);

/** Always the value of the last render that was committed. */
const useNewest = <Value>(value: Value): { readonly current: Value } => {
  const newest = useRef(value);
  useEffect(() => {
    newest.current = value;
  });
  return newest;
};

type AnyMap = Record<string, unknown>;

/** Binds the hooks to the `connect` of one package. */
export const hooks = <EventMap>(connect: Connect<EventMap>): Hooks<EventMap> => {
  const open = connect as unknown as Connect<AnyMap>;
  return {
    useConnectionState,
    useEvent(
      stream: Stream<AnyMap, string, unknown>,
      name: string,
      handler: (event: EventOf<AnyMap>) => unknown,
    ) {
      const newest = useNewest(handler);
      useEffect(() => stream.on(name, (event) => newest.current(event)), [stream, name, newest]);
    },
    useEvents(url: string, handlers: Handlers<AnyMap, string>, options: Options & Told = {}) {
      const [state, setState] = useState<ConnectionState>("connecting");
      const newest = useNewest({ handlers, options });
      // As text: a literal object is another one on each render.
      const names = Object.keys(handlers).sort().join();
      const { channel, until, session } = options;
      const subject = JSON.stringify([url, channel, until, session]);
      const left = useRef({ subject: "", id: "" });
      useEffect(() => {
        const { id } = left.current;
        const own: Partial<Options> & { events: readonly string[] } = {
          events: names ? names.split(",") : [],
          // Nothing is lost while other names are asked for. Of another subject this id says nothing.
          ...(id && left.current.subject === subject && { lastEventId: id }),
        };
        // What the stream asks its options for, it gets from the last render.
        const settings = new Proxy(own, {
          get: (_, key: keyof Options) => own[key] ?? newest.current.options[key],
        });
        const stream = open(url, settings);
        stream.state.subscribe(setState);
        stream.onGap(() => newest.current.options.onGap?.());
        stream.onUnknown((unknown) => newest.current.options.onUnknown?.(unknown));
        stream.onAny((event) => newest.current.handlers[event.event]?.(event));
        return () => {
          left.current = { subject, id: stream.lastEventId };
          stream.close();
        };
      }, [url, names, subject, newest, open]);
      return state;
    },
  } as Hooks<never> as unknown as Hooks<EventMap>;
};
