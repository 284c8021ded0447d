/** What a page may show of its connection, as a value that can be watched. */
import { STATE } from "./dispatcher.js";
export const stateStore = (events) => {
    let current = "connecting";
    let reason = "";
    return {
        get current() {
            return current;
        },
        get reason() {
            return reason;
        },
        subscribe(listener) {
            const unsubscribe = events.add(STATE, listener);
            listener(current, reason);
            return unsubscribe;
        },
        set(state, why = "") {
            if (current === state && reason === `${why}`)
                return;
            current = state;
            reason = `${why}`;
            events.emit(STATE, current, reason);
        },
    };
};
export const isOver = ({ current }) => current === "denied" || current === "closed";
