/** One frame of the stream, and the control events that the server mixes in under `growset.`. */
/** A native `EventSource` hears only the names it was told, the unnamed `message` included. */
export const CONTROL_NAMES = [
    "message",
    "growset.connected",
    "growset.gap",
    "growset.ping",
    "growset.bye",
    "growset.retired",
];
