/** A stream's events as a loop takes them, one after the other, however slowly. */
import { ANY, STATE } from "./dispatcher.js";
import { isOver } from "./state.js";
/** Ends when the stream does; calls `leave` when the loop ends, whoever ended it. */
export async function* loop(events, state, leave) {
    const queue = [];
    let wake;
    events.add(ANY, (event) => {
        queue.push(event);
        wake?.();
    });
    events.add(STATE, () => wake?.());
    try {
        for (;;) {
            yield* queue.splice(0);
            if (isOver(state))
                return;
            await new Promise((resolve) => {
                wake = resolve;
            });
        }
    }
    finally {
        leave();
    }
}
