import { nativeTransport } from "./native.js";
/** By the life of the stream: a page may make its settings anew, and one setting may serve several streams. */
const parts = new WeakMap();
/** Where the browser lacks Web Locks (on plain http, too), each tab connects for itself. */
export const shareTabs = (({ key, transport = nativeTransport } = {}) => async (attempt, line) => {
    const { environment, life, subscription, url } = attempt;
    const { BroadcastChannel, navigator } = environment;
    if (!navigator?.locks || !BroadcastChannel)
        return transport(attempt, line);
    let part = parts.get(life);
    if (!part) {
        const term = new AbortController();
        const leave = () => {
            parts.delete(life);
            term.abort();
        };
        life.addEventListener("abort", leave);
        // The browser may keep the page for the way back. It must not keep the lock with it.
        environment.addEventListener?.("pagehide", leave, { signal: term.signal });
        environment.addEventListener?.("pageshow", attempt.again, { signal: life });
        const name = `growset:${JSON.stringify([key ?? url, subscription])}`;
        part = takePart(term.signal, name, navigator.locks, new BroadcastChannel(name));
        parts.set(life, part);
    }
    await part(transport, attempt, line);
});
/** One tab's part, until its term is over. */
const takePart = (term, name, locks, channel) => {
    let leading = false;
    /** Asked, and not answered. */
    let waiting = false;
    /** This tab heard the shared connection since it takes part. */
    let joined = false;
    let greeting;
    let transport;
    let attempt;
    let line;
    /** What the leader said while this tab was between two attempts. */
    let missed = [];
    const post = (note) => term.aborted || channel.postMessage(note);
    const lead = async (mine, own) => {
        const end = (reason, least) => {
            greeting = undefined;
            // What this tab ended by itself, such as silence, the others find out by themselves.
            if (!mine.signal.aborted)
                post({ end: reason });
            own.end(reason, least);
        };
        try {
            await transport(mine, {
                ...own,
                end,
                frame(frame) {
                    if (frame.event === "growset.connected")
                        greeting = frame;
                    post({ frame });
                    own.frame(frame);
                },
            });
        }
        catch (error) {
            end(`${error}`);
        }
    };
    const campaign = (settings) => locks
        .request(name, settings, () => {
        if (term.aborted)
            return Promise.resolve();
        leading = true;
        // Should it follow again, it does not know what the next leader heard meanwhile.
        joined = false;
        if (!attempt.signal.aborted)
            lead(attempt, line);
        return new Promise((resolve) => term.addEventListener("abort", resolve));
    })
        .then(undefined, () => {
        if (!leading || term.aborted)
            return;
        // Another tab took the lock, because this one slept through its question.
        leading = false;
        line.end("another tab leads");
        campaign({ signal: term });
    });
    /**
     * What the server sent to the leader alone has not reached this tab: retained events, and those after the id that this tab
     * would resume from. All is well only for a newcomer that hears the greeting of another.
     */
    const join = (isBeginning) => {
        if (!joined && !(isBeginning && !attempt.lastEventId()))
            line.frame({ event: "growset.gap", data: '{"reason":"joined"}' });
        joined = true;
    };
    const hear = (note) => {
        const { frame, end, answer } = note;
        if (attempt.signal.aborted) {
            if (frame || missed.length)
                missed.push(note);
            // The shared connection is back before this tab's own patience is over.
            if (frame)
                attempt.again();
            return;
        }
        if (answer?.greeting && waiting) {
            if (joined)
                line.heard();
            else
                line.frame({ event: answer.greeting.event, data: answer.greeting.data });
            join(false);
        }
        if (frame || answer)
            waiting = false;
        if (frame) {
            join(frame.event === "growset.connected" && frame.data.includes('"new"'));
            line.frame(frame);
        }
        if (end !== undefined)
            line.end(end);
    };
    channel.onmessage = ({ data }) => {
        if (!leading)
            hear(data);
        else if (data.ask)
            post({ answer: { greeting } });
    };
    term.addEventListener("abort", () => {
        channel.close();
        line.end("pagehide", Number.POSITIVE_INFINITY);
    });
    let running = false;
    return async (newest, next, itsLine) => {
        [transport, attempt, line] = [newest, next, itsLine];
        if (!running)
            campaign({ signal: term });
        running = true;
        const notes = missed;
        missed = [];
        notes.forEach(hear);
        if (attempt.signal.aborted)
            return;
        if (leading)
            return lead(next, line);
        // The last question had no answer for a whole attempt: who holds the lock is suspended, as on a phone.
        if (waiting)
            campaign({ steal: true });
        waiting = true;
        post({ ask: true });
    };
};
