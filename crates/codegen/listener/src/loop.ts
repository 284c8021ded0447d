/** A stream's events as a loop takes them, one after the other, however slowly. */
import { ANY, type Dispatcher, STATE } from "./dispatcher.js";
import { isOver, type StateStore } from "./state.js";

/** Ends when the stream does; calls `leave` when the loop ends, whoever ended it. */
export async function* loop<Event>(
  events: Dispatcher,
  state: StateStore,
  leave: () => void,
): AsyncGenerator<Event, void, void> {
  const queue: Event[] = [];
  let wake: (() => void) | undefined;
  events.add(ANY, (event) => {
    queue.push(event);
    wake?.();
  });
  events.add(STATE, () => wake?.());
  try {
    for (;;) {
      yield* queue.splice(0);
      if (isOver(state)) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    leave();
  }
}
