/** `GET /poll` for where no stream comes through: no `EventSource`, or a proxy that holds answers back. */
import { request } from "./fetch.js";
import { address, refused } from "./transport.js";
/** A server that says nought shall not be asked without pause, and a timer that is asked for more than it can fires at once. */
const SHORTEST = 100;
const LONGEST = 2 ** 31 - 1;
/** An answer that takes longer never comes. */
const PATIENCE = 15e3;
/** The first time polls go on so long before the stream is tried again, then each time twice as long. */
const FIRST_SESSION = 3e4;
const pasts = new WeakMap();
export const pollFallback = ({ url, headers, after = 3, session = 3e5 }) => ({
    after,
    transport: async (attempt, line) => {
        const { environment, life, signal, subscription } = attempt;
        const past = pasts.get(life) ?? { length: FIRST_SESSION, greeted: false };
        pasts.set(life, past);
        const until = environment.Date.now() + Math.min(past.length, session);
        past.length *= 2;
        let timer;
        const wait = (milliseconds, run) => {
            environment.clearTimeout(timer);
            timer = environment.setTimeout(run, milliseconds);
        };
        signal.addEventListener("abort", () => environment.clearTimeout(timer));
        do {
            wait(PATIENCE, () => line.end("silence"));
            const query = { ...subscription, after: attempt.lastEventId() };
            const response = await request(attempt, headers, address(url, query), {});
            if (response.status !== 200)
                return refused(attempt, line, response);
            const { frames, next, retryMs } = await response.json();
            line.heard();
            for (const { event, data, id } of frames) {
                // Each answer begins as a stream does. A page that fetches its state on that shall not do so at every poll.
                const greets = event === "growset.connected";
                if (greets && past.greeted && Object(data).resume === "exact")
                    continue;
                past.greeted ||= greets;
                line.frame({ event, data: JSON.stringify(data), id });
            }
            // The position may move past events that were not asked for; a ping says so on a stream, and here too.
            if (next)
                line.frame({ event: "growset.ping", data: "{}", id: next });
            const pause = Math.min(Math.max(Number(retryMs) || 3000, SHORTEST), LONGEST);
            await new Promise((resolve) => wait(pause, resolve));
        } while (environment.Date.now() < until);
        line.end("");
    },
});
