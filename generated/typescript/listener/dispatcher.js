/** What is told beside the events. Invariant: no strings, so that no event's name can be one of these. */
export const ANY = 0;
export const GAP = 1;
export const STATE = 2;
export const UNKNOWN = 3;
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
        add(key, handler) {
            const set = handlers.get(key) ?? new Set();
            handlers.set(key, set);
            // An entry of its own: a handler added twice is called twice, and each removal takes one.
            const entry = { handler };
            set.add(entry);
            return () => {
                set.delete(entry);
            };
        },
        emit(key, ...values) {
            for (const { handler } of handlers.get(key) ?? [])
                call(environment, handler, values);
        },
    };
};
