/**
 * Publishing from a service: typed as the server's intake takes it, with a key, so that a retry is no second event. Unlike
 * the listener it does throw: whoever publishes has to know.
 */
/** Refused, or given up: `problem` is the server's own account (RFC 9457), where there is one, and the message sums it up. */
export class PublishError extends Error {
    name = "PublishError";
    status;
    problem;
    constructor(status, problem) {
        const { errors } = problem;
        const told = (Array.isArray(errors) ? errors : []).map((error) => {
            const { pointer = "", detail = "" } = Object(error);
            return `${pointer} ${detail}`.trim();
        });
        const first = problem.detail ?? problem.title ?? `the server answered ${status}`;
        super([first, ...told.filter(Boolean)].join("; "));
        this.status = status;
        this.problem = problem;
    }
}
const LONGEST_WAIT = 30_000;
/** Binds `publish` to one server: `publishTo("https://events.internal/publish", { headers })`. */
export const publishTo = (url, settings = {}) => {
    const { headers, attempts = 5, retryMs = 200 } = settings;
    const environment = settings.environment ?? globalThis;
    const attempt = async (body, signal) => {
        const all = new Headers(await headers?.());
        all.set("content-type", "application/json");
        return environment.fetch(url, { method: "POST", headers: all, body, signal: signal ?? null });
    };
    return async (event, to, data, { key = environment.crypto.randomUUID(), signal } = {}) => {
        // The same text on every attempt: a key with another payload would be refused.
        const body = JSON.stringify({ event, ...to, data, key });
        for (let failures = 0;; failures++) {
            signal?.throwIfAborted();
            const span = Math.min(retryMs * 2 ** failures, LONGEST_WAIT);
            let wait = environment.Math.random() * span;
            try {
                const response = await attempt(body, signal);
                if (response.ok)
                    return (await response.json());
                const { status } = response;
                const problem = Object(await response.json().catch(() => undefined));
                if ((status < 500 && status !== 429) || failures + 1 >= attempts)
                    throw new PublishError(status, problem);
                const after = response.headers.get("retry-after") ?? "";
                const until = Number(after) * 1000 || Date.parse(after) - environment.Date.now();
                if (until > 0)
                    wait += until;
            }
            catch (error) {
                // What `fetch` itself throws is the network's; whether the event arrived is not known, and the key makes it safe.
                if (error instanceof PublishError || signal?.aborted || failures + 1 >= attempts)
                    throw error;
            }
            await pause(environment, wait, signal);
        }
    };
};
const pause = ({ setTimeout }, milliseconds, signal) => new Promise((resolve) => {
    signal?.addEventListener("abort", () => resolve(), { once: true });
    setTimeout(resolve, milliseconds);
});
