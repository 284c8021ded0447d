/** What is told beside the events. Invariant: no strings, so that no event's name can be one of these. */
export const ANY = 0;
export const GAP = 1;
export const STATE = 2;
export const UNKNOWN = 3;
const call = async (environment, handler, value) => {
    try {
        await handler(value);
    }
    catch (error) {
        (environment.reportError ?? console.error)(error);
    }
};
export const dispatcher = (environment) => {
    /** Each change makes another list: who is added while an event is told waits for the next one. */
    let entries = [];
    return {
        add(key, handler) {
            const entry = { key, handler };
            entries = [...entries, entry];
            return () => {
                entries = entries.filter((other) => other !== entry);
            };
        },
        emit(key, value) {
            // Who is removed meanwhile hears no more.
            for (const entry of entries)
                if (entry.key === key && entries.includes(entry))
                    call(environment, entry.handler, value);
        },
    };
};
