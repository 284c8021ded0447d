/** A stream's events as a loop takes them, one after the other, however slowly. */
import { type Dispatcher } from "./dispatcher.js";
import { type StateStore } from "./state.js";
/**
 * Ends when the stream does and all that came was taken; calls `leave` when the loop ends before. No generator: one that waits
 * could not be left until the next event.
 */
export declare const loop: <Event>(events: Dispatcher, state: StateStore, leave: () => void) => AsyncIterableIterator<Event>;
