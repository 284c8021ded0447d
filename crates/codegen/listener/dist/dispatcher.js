/** What is told beside the events; no event can bear these names. */
export const ANY = "*";
export const GAP = "!";
export const STATE = "~";
export const UNKNOWN = "?";
const call = async (environment, handler, values) => {
    try {
        await handler(...values);
    }
    catch (error) {
        (environment.reportError ?? console.error)(error);
    }
};
export const dispatcher = (environment) => {
    const handlers = new Map();
    return {
        add(name, handler) {
            const set = handlers.get(name) ?? new Set();
            handlers.set(name, set);
            // An entry of its own: a handler added twice is called twice, and each removal takes one.
            const entry = { handler };
            set.add(entry);
            return () => {
                set.delete(entry);
            };
        },
        emit(name, ...values) {
            for (const { handler } of handlers.get(name) ?? [])
                call(environment, handler, values);
        },
    };
};
