/**
 * After a gap nobody knows what became stale, so everything did, unless `afterGap` names the keys. While a key is fetched
 * again, the events that make it stale once more are answered by one more fetch after that, however many they are: each answer
 * arrives, and the last one is newer than the last event.
 */
export const invalidateOn = (stream, client, keys, { afterGap } = {}) => {
    /** By key, what is fetched again now, and whether it has to be once more. */
    const running = new Map();
    const invalidate = async (queryKey) => {
        const key = JSON.stringify(queryKey ?? "");
        if (running.has(key)) {
            running.set(key, true);
            return;
        }
        try {
            do {
                running.set(key, false);
                await (queryKey ? client.invalidateQueries({ queryKey }) : client.invalidateQueries());
            } while (running.get(key));
        }
        finally {
            running.delete(key);
        }
    };
    const all = (stale) => Promise.all(stale.map(invalidate));
    const offGap = stream.onGap(() => (afterGap ? all(afterGap) : invalidate()));
    const offEvents = stream.onAny((event) => {
        const stale = keys[event.event];
        return stale && all(typeof stale === "function" ? stale(event) : stale);
    });
    return () => {
        offGap();
        offEvents();
    };
};
/**
 * A `queryFn` whose data are the events so far: the query succeeds with the first one and is done when the stream is. A burst
 * of events is one change of the query.
 * Pass the signal on, so that a cancelled query closes its stream: `streamedEvents(({ signal }) => connect("/events", { signal, … }))`.
 */
export const streamedEvents = (open, { keep = Number.POSITIVE_INFINITY } = {}) => async (context) => {
    const { client, queryKey, signal } = context;
    let events = [];
    let fresh = [];
    const take = () => {
        events = [...events, ...fresh].slice(-keep);
        fresh = [];
        return events;
    };
    const show = () => {
        if (fresh.length && !signal.aborted)
            client.setQueryData(queryKey, take());
    };
    const stream = open(context);
    for await (const event of stream) {
        if (signal.aborted)
            break;
        // The first of a burst waits until the rest is here: a list that is copied for each costs the square of its length.
        if (!fresh.length)
            setTimeout(show);
        fresh.push(event);
    }
    // The stream itself never throws; a query that was refused is a failed query.
    if (stream.state?.current === "denied")
        throw new Error(`the stream was denied: ${stream.state.reason}`);
    return take();
};
