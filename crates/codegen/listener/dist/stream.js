/** `connect()` and the stream that it returns: from frames to typed events. */
import { openConnection } from "./connection.js";
import { control } from "./control.js";
import { ANY, dispatcher, GAP, UNKNOWN } from "./dispatcher.js";
import { loop } from "./loop.js";
import { wants } from "./pattern.js";
import { stateStore } from "./state.js";
/** Binds `connect` to the events of one package. */
export const bind = (page = {}) => ((url, options) => open(url, options, page));
const open = (url, options, page) => {
    const { events, channel, until, environment = globalThis } = options;
    const handlers = dispatcher(environment);
    const state = stateStore(handlers);
    let unknownCount = 0;
    const tell = (frame, finding) => {
        unknownCount++;
        handlers.emit(UNKNOWN, { ...frame, ...finding });
    };
    const obey = control((gap) => handlers.emit(GAP, gap));
    const receive = (frame) => {
        const { event, id } = frame;
        let data;
        try {
            data = JSON.parse(frame.data);
        }
        catch {
            return tell(frame, { reason: "json" });
        }
        const message = { event, data, ...(id && { id }) };
        if (event.startsWith("growset."))
            obey(event, Object(data), connection);
        else if (!wants(events, event))
            return tell(frame, { reason: "name" });
        else {
            for (const contract of options.validate ?? [])
                if (contract.event === event)
                    for (const finding of contract.inspect(data))
                        tell(frame, finding);
            handlers.emit(ANY, message);
        }
        handlers.emit(event, message);
        if (event === until)
            close("terminal");
    };
    const subscription = { events, channel, until, ...page };
    const connection = openConnection(url, subscription, options, environment, state, receive);
    const close = (reason) => connection.lose(reason, 0, "closed");
    // To ask for no names would be to ask for all. Nothing has left yet.
    if (events && !events.length)
        close("no events");
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
        close: () => close("closed"),
        [Symbol.asyncIterator]: () => loop(handlers, state, stream.close),
    };
    return stream;
};
