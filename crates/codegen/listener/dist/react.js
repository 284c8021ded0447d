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
            // The names as text: a literal object is another one on each render.
            const names = Object.keys(handlers).sort().join();
            useEffect(() => {
                const stream = open(url, { ...newest.current.options, events: names ? names.split(",") : [] });
                stream.state.subscribe(setState);
                stream.onGap(() => newest.current.options.onGap?.());
                stream.onUnknown((unknown) => newest.current.options.onUnknown?.(unknown));
                stream.onAny((event) => newest.current.handlers[event.event]?.(event));
                return stream.close;
            }, [url, names, newest, open]);
            return state;
        },
    };
};
