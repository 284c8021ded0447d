/** A stream's events as a loop takes them, one after the other, however slowly. */
import { ANY, STATE } from "./dispatcher.js";
import { isOver } from "./state.js";
/**
 * Ends when the stream does and all that came was taken; calls `leave` when the loop ends before. No generator: one that waits
 * could not be left until the next event.
 */
export const loop = (events, state, leave) => {
    const queue = [];
    const asked = [];
    const serve = () => {
        while (asked.length) {
            const value = queue.shift();
            if (!value && !isOver(state))
                return;
            asked.shift()?.({ value, done: !value });
        }
    };
    events.add(ANY, (event) => {
        queue.push(event);
        serve();
    });
    events.add(STATE, serve);
    return {
        next: () => new Promise((resolve) => {
            asked.push(resolve);
            serve();
        }),
        return() {
            queue.length = 0;
            leave();
            return this.next();
        },
        [Symbol.asyncIterator]() {
            return this;
        },
    };
};
