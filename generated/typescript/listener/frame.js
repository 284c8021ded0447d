/** One frame of the stream, and the control events that the server mixes in under `growset.`. */
/** A native `EventSource` hears only the names it was told, the unnamed `message` included. */
export const CONTROL_NAMES = [
    "message",
    ...["connected", "gap", "ping", "bye", "retired"].map((name) => `growset.${name}`),
];
