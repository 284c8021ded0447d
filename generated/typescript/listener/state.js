/** What a page may show of its connection, as a value that can be watched. */
import { STATE } from "./dispatcher.js";
export const stateStore = (events) => {
    const store = {
        current: "connecting",
        reason: "",
        subscribe(listener) {
            let told;
            // Not what was true when it changed, but what is: a listener before this one may have closed the stream.
            const tell = () => {
                const now = store.current + store.reason;
                if (told === now)
                    return;
                told = now;
                listener(store.current, store.reason);
            };
            const unsubscribe = events.add(STATE, tell);
            tell();
            return unsubscribe;
        },
        set(state, reason = "") {
            if (store.current + store.reason === state + reason)
                return;
            store.current = state;
            store.reason = `${reason}`;
            events.emit(STATE);
        },
    };
    return store;
};
/** `denied` and `closed`, and no others, end so. */
export const isOver = ({ current }) => current.endsWith("ed");
