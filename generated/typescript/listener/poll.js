/** `GET /poll` for where no stream comes through: no `EventSource`, or a proxy that holds answers back. */
import { request } from "./fetch.js";
import { address, refused } from "./transport.js";
/** A server that says nought shall not be asked without pause. */
const SHORTEST = 100;
export const pollFallback = ({ url, headers, after = 3, session = 3e5 }) => ({
    after,
    transport: async (attempt, line) => {
        const { environment, signal, subscription } = attempt;
        const until = environment.Date.now() + session;
        do {
            const query = { ...subscription, after: attempt.lastEventId() };
            const response = await request(attempt, headers, address(url, query), {});
            if (response.status !== 200)
                return refused(attempt, line, response);
            const { frames, next, retryMs } = await response.json();
            line.heard();
            for (const { event, data, id } of frames)
                line.frame({ event, data: JSON.stringify(data), id });
            // The position may move past events that were not asked for; a ping says so on a stream, and here too.
            if (next)
                line.frame({ event: "growset.ping", data: "{}", id: next });
            await new Promise((resolve) => environment.setTimeout(resolve, Math.max(Number(retryMs) || 3000, SHORTEST)));
        } while (!signal.aborted && environment.Date.now() < until);
        line.end("");
    },
});
