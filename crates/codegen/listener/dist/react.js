/** React: hooks over a stream. A page that opens its stream on start needs `useEvent` and `useConnectionState` alone. */
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
const connecting = () => "connecting";
const useConnectionState = ({ state }) => useSyncExternalStore(state.subscribe, () => state.current, connecting);
/** Always the value of the last render that was committed. */
const useNewest = (value) => {
    const newest = useRef(value);
    useEffect(() => {
        newest.current = value;
    });
    return newest;
};
/** Binds the hooks to the `connect` of one package. */
export const hooks = (connect) => {
    const open = connect;
    return {
        useConnectionState,
        useEvent(stream, name, handler) {
            const newest = useNewest(handler);
            useEffect(() => stream.on(name, (event) => newest.current(event)), [stream, name, newest]);
        },
        useEvents(url, handlers, options = {}) {
            const [state, setState] = useState("connecting");
            const newest = useNewest({ handlers, options });
            // As text: a literal object is another one on each render.
            const names = Object.keys(handlers).sort().join();
            const { channel, until, session } = options;
            const subject = JSON.stringify([url, channel, until, session]);
            const left = useRef({ subject: "", id: "" });
            useEffect(() => {
                const { id } = left.current;
                const own = {
                    events: names ? names.split(",") : [],
                    // Nothing is lost while other names are asked for. Of another subject this id says nothing.
                    ...(id && left.current.subject === subject && { lastEventId: id }),
                };
                // What the stream asks its options for, it gets from the last render.
                const settings = new Proxy(own, {
                    get: (_, key) => own[key] ?? newest.current.options[key],
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
    };
};
