/** Patterns beside names: `order.*` asks for every event whose name begins so, those of a newer server included. */
/** The server's own rule: a pattern ends in a star after a separator, or is one. */
export const wants = (events, event) => !events ||
    events.some((name) => name === event || (name.endsWith("*") && event.startsWith(name.slice(0, -1))));
