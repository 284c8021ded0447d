/** After a gap nobody knows what became stale, so everything did, unless `afterGap` names the keys. */
export const invalidateOn = (stream, client, keys, { afterGap } = {}) => {
    const invalidate = (stale) => Promise.all(stale.map((queryKey) => client.invalidateQueries({ queryKey })));
    const offGap = stream.onGap(() => (afterGap ? invalidate(afterGap) : client.invalidateQueries()));
    const offEvents = stream.onAny((event) => {
        const stale = keys[event.event];
        return stale && invalidate(typeof stale === "function" ? stale(event) : stale);
    });
    return () => {
        offGap();
        offEvents();
    };
};
/**
 * A `queryFn` whose data are the events so far: the query succeeds with the first one and is done when the stream is.
 * Pass the signal on, so that a cancelled query closes its stream: `streamedEvents(({ signal }) => connect("/events", { signal, … }))`.
 */
export const streamedEvents = (open) => async (context) => {
    let events = [];
    const stream = open(context);
    for await (const event of stream) {
        if (context.signal.aborted)
            break;
        events = [...events, event];
        context.client.setQueryData(context.queryKey, events);
    }
    // The stream itself never throws; a query that was refused is a failed query.
    if (stream.state?.current === "denied")
        throw new Error(`the stream was denied: ${stream.state.reason}`);
    return events;
};
