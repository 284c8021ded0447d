/** The browser's own `EventSource`: no preflight, cookies sent by themselves, no headers of the page's making. */
import { CONTROL_NAMES } from "./frame.js";
import { address, NO_SOURCE, refused } from "./transport.js";
export const nativeTransport = (attempt, line) => {
    const { environment, signal, subscription, withCredentials } = attempt;
    // A source that is made anew cannot send the header, so the id travels in the query.
    const url = address(attempt.url, { ...subscription, lastEventId: attempt.lastEventId() });
    const { EventSource } = environment;
    if (!EventSource)
        return line.end(NO_SOURCE);
    const source = new EventSource(url, { withCredentials });
    let id = "";
    let first = "";
    for (const name of [...CONTROL_NAMES, ...(subscription.events ?? [])]) {
        source.addEventListener(name, ({ data, lastEventId }) => {
            const text = name + data;
            if (id !== lastEventId)
                [id, first] = [lastEventId, text];
            // `lastEventId` is sticky: a frame without an id repeats the last one, and is no duplicate of who bore it.
            line.frame({ event: name, data, id: text === first ? id : "" });
        });
    }
    const lose = () => line.end("lost");
    // The browser would try again after a fixed delay, all pages at once; the connection does it with jitter.
    // An answer that is not a stream closes the source for good and hides the status: ask once more for that.
    // Whatever this ends with, the source is closed by the signal.
    source.onerror = () => source.readyState < 2
        ? lose()
        : environment
            .fetch(url, {
            credentials: withCredentials ? "include" : "same-origin",
            signal,
        })
            .then((response) => refused(attempt, line, response))
            .catch(lose);
    signal.addEventListener("abort", () => source.close());
};
