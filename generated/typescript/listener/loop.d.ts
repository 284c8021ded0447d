/** A stream's events as a loop takes them, one after the other, however slowly. */
import { type Dispatcher } from "./dispatcher.js";
import { type StateStore } from "./state.js";
/** Ends when the stream does; calls `leave` when the loop ends, whoever ended it. */
export declare function loop<Event>(events: Dispatcher, state: StateStore, leave: () => void): AsyncGenerator<Event, void, void>;
