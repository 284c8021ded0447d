/** `connect()` and the stream that it returns: from frames to typed events. */
import { openConnection } from "./connection.js";
import { ANY, dispatcher, GAP, STATE, UNKNOWN } from "./dispatcher.js";
import { isOver, stateStore } from "./state.js";
/** Binds `connect` to the events of one package. */
export const bind = (page = {}) => ((url, options) => open(url, options, page));
const open = (url, options, page) => {
    const { events, channel, until, environment = globalThis } = options;
    const handlers = dispatcher(environment);
    const state = stateStore(handlers);
    let unknownCount = 0;
    let connectedBefore = false;
    const control = (event, data) => {
        const told = data;
        if (event === "growset.gap")
            handlers.emit(GAP, data);
        if (event === "growset.bye")
            connection.leave(Number(told.retryMs) || 0);
        if (event === "growset.connected") {
            if (Number(told.pingMs) > 0)
                connection.expectPing(Number(told.pingMs));
            // The server takes us for a newcomer, because no id had reached us: what came meanwhile is lost.
            if (connectedBefore && told.resume === "new")
                handlers.emit(GAP, { reason: "unknown" });
            connectedBefore = true;
        }
    };
    const receive = (frame) => {
        const { event, id } = frame;
        const unknown = (reason) => {
            unknownCount++;
            handlers.emit(UNKNOWN, { ...frame, reason });
        };
        let data;
        try {
            data = JSON.parse(frame.data);
        }
        catch {
            return unknown("json");
        }
        const message = { event, data, ...(id && { id }) };
        if (event.startsWith("growset."))
            control(event, Object(data));
        else if (events && !events.includes(event))
            return unknown("name");
        else
            handlers.emit(ANY, message);
        handlers.emit(event, message);
        if (event === until)
            connection.close("terminal");
    };
    const connection = openConnection({
        url,
        subscription: { events, channel, until, ...page },
        transport: options.transport,
        fallback: options.fallback,
        lastEventId: options.lastEventId ?? "",
        pingMs: options.pingMs ?? 15e3,
        withCredentials: options.withCredentials ?? true,
        signal: options.signal,
        environment,
        state,
        receive,
    });
    const stream = {
        state,
        get lastEventId() {
            return connection.lastEventId();
        },
        get unknownCount() {
            return unknownCount;
        },
        on: (name, handler) => handlers.add(name, handler),
        onAny: (handler) => handlers.add(ANY, handler),
        onUnknown: (handler) => handlers.add(UNKNOWN, handler),
        onGap: (handler) => handlers.add(GAP, handler),
        close: () => connection.close("closed"),
        async *[Symbol.asyncIterator]() {
            const queue = [];
            let wake;
            handlers.add(ANY, (event) => {
                queue.push(event);
                wake?.();
            });
            handlers.add(STATE, () => wake?.());
            try {
                for (;;) {
                    yield* queue.splice(0);
                    if (isOver(state))
                        return;
                    await new Promise((resolve) => {
                        wake = resolve;
                    });
                }
            }
            finally {
                stream.close();
            }
        },
    };
    return stream;
};
