import { fetchTransport } from "./fetch.js";
import { wants } from "./pattern.js";
/** Binds both to the examples of one package. */
export const testing = (examples) => {
    const all = examples;
    let fixtures = 0;
    const make = (event, overrides, id) => {
        const example = structuredClone(all[event]?.[0]);
        const data = isObject(example) && isObject(overrides) ? { ...example, ...overrides } : (overrides ?? example);
        return { event, data, id };
    };
    return {
        fixture: (event, overrides) => make(event, overrides, `fixture-${++fixtures}`),
        fakeServer: () => fakeServer(make),
    };
};
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const fakeServer = (make) => {
    const listeners = new Set();
    /** What may be resumed, the ids dense: the first one follows `forgotten`. */
    let history = [];
    let forgotten = 0;
    let refusal;
    let waiting = [];
    const control = (name, data) => ({ event: `growset.${name}`, data: JSON.stringify(data) });
    const tell = (frame) => {
        for (const listener of listeners)
            if (frame.event.startsWith("growset.") || wants(listener.wanted, frame.event))
                listener.write(frame);
    };
    const last = () => forgotten + history.length;
    const every = (act) => [...listeners].forEach(act);
    const greet = (listener, after) => {
        const at = Number(after?.replace("fake-", "") ?? Number.NaN) - forgotten;
        const isExact = at >= 0 && at <= history.length;
        const resume = after === null ? "new" : isExact ? "exact" : "gap";
        const missed = isExact ? history.slice(at) : [];
        // Who hears nothing but this resumes from here, as with the real one.
        const id = `fake-${isExact ? forgotten + at : last()}`;
        listener.write({ ...control("connected", { resume, pingMs: 15_000 }), id });
        if (resume === "gap")
            listener.write(control("gap", { reason: "unknown" }));
        for (const frame of missed)
            if (wants(listener.wanted, frame.event))
                listener.write(frame);
    };
    const respond = async (request) => {
        if (refusal)
            return new Response(null, { status: refusal });
        const { searchParams } = new URL(request.url);
        const body = request.method === "POST" ? await request.json() : {};
        const wanted = body.events ?? searchParams.get("events")?.split(",");
        const after = request.headers.get("last-event-id") ?? searchParams.get("lastEventId");
        const stream = new ReadableStream({
            start(controller) {
                const listener = listen(controller, wanted);
                request.signal.addEventListener("abort", listener.abort);
                greet(listener, after);
            },
        });
        return new Response(stream, { headers: { "content-type": "text/event-stream" } });
    };
    const listen = (controller, wanted) => {
        const encoder = new TextEncoder();
        const leave = (then) => () => {
            if (listeners.delete(listener))
                then();
        };
        const listener = {
            wanted,
            write: ({ event, data, id }) => controller.enqueue(encoder.encode(`${id ? `id: ${id}\n` : ""}event: ${event}\ndata: ${data}\n\n`)),
            // What was written before still arrives.
            end: leave(() => controller.close()),
            abort: leave(() => controller.error(new TypeError("aborted"))),
        };
        listeners.add(listener);
        const reached = waiting.filter(({ streams }) => listeners.size >= streams);
        waiting = waiting.filter((waiter) => !reached.includes(waiter));
        for (const { resolve } of reached)
            resolve();
        return listener;
    };
    const environment = {
        Date,
        // Without luck a page tries again at once.
        Math: { random: () => 0 },
        setTimeout: (run, milliseconds) => setTimeout(run, milliseconds),
        clearTimeout: (timer) => clearTimeout(timer),
        fetch: (url, init) => respond(new Request(new URL(url, "http://fake"), init)),
    };
    return {
        options: { transport: fetchTransport(), environment },
        respond,
        get open() {
            return listeners.size;
        },
        connected: (streams = 1) => new Promise((resolve) => {
            if (listeners.size >= streams)
                resolve();
            else
                waiting.push({ streams, resolve });
        }),
        send(name, overrides) {
            const event = make(name, overrides, `fake-${last() + 1}`);
            const frame = { event: name, data: JSON.stringify(event.data), id: event.id };
            history.push(frame);
            tell(frame);
            return event;
        },
        sendFrame: tell,
        gap: (reason = "lagged") => tell(control("gap", { reason })),
        drop: () => every(({ end }) => end()),
        bye(retryMs = 0) {
            tell(control("bye", { retryMs }));
            every(({ end }) => end());
        },
        forget() {
            forgotten = last() + 1000;
            history = [];
        },
        refuse(status) {
            refusal = status;
            every(({ end }) => end());
        },
        accept() {
            refusal = undefined;
        },
    };
};
/** Handlers for MSW: `setupServer(...mswHandlers(http, "/events", server))`. */
export const mswHandlers = (http, path, { respond }) => {
    const answer = ({ request }) => respond(request);
    return [http.get(path, answer), http.post(path, answer)];
};
