import { parser } from "./parser.js";
import { address, refused } from "./transport.js";
/** The request's parts that streaming and polling share. */
export const request = async ({ environment, signal, withCredentials }, headers, url, settings) => {
    const all = new Headers(await headers?.());
    for (const [name, value] of Object.entries(settings.own ?? {}))
        if (value)
            all.set(name, value);
    return environment.fetch(url, {
        // Some runtimes of services, older ones of Workers for instance, throw at what they do not know.
        ...("cache" in Request.prototype && { cache: "no-store" }),
        credentials: withCredentials ? "include" : "same-origin",
        ...settings,
        headers: all,
        signal,
    });
};
export const fetchTransport = ({ headers, body } = {}) => async (attempt, line) => {
    const { subscription } = attempt;
    const response = await request(attempt, headers, body ? attempt.url : address(attempt.url, subscription), {
        own: {
            accept: "text/event-stream",
            "last-event-id": attempt.lastEventId(),
            "content-type": body ? "application/json" : "",
        },
        ...(body && { method: "POST", body: JSON.stringify(body(subscription)) }),
    });
    // A login form or a captive portal answers 200 as well.
    const isStream = /^text\/event-stream/i.test(response.headers.get("content-type") ?? "");
    if (response.status !== 200 || !isStream)
        return refused(attempt, line, response);
    const parse = parser(line);
    const reader = response.body?.getReader();
    while (reader) {
        const { done, value } = await reader.read();
        if (done)
            break;
        line.heard();
        parse(value);
    }
    line.end("lost");
};
