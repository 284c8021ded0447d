import { nativeTransport } from "./native.js";
/** Where the browser lacks Web Locks (on plain http, too), each tab connects for itself. */
export const shareTabs = (({ key, transport = nativeTransport } = {}) => {
    // By the life of the stream: one setting may serve several streams, one after the other under React's StrictMode.
    const parts = new WeakMap();
    return (attempt, line) => {
        const { environment, life, subscription, url } = attempt;
        const { BroadcastChannel, navigator } = environment;
        if (!navigator?.locks || !BroadcastChannel)
            return transport(attempt, line);
        const name = `growset:${JSON.stringify([key ?? url, subscription])}`;
        const part = parts.get(life) ?? takePart(transport, life, name, navigator.locks, new BroadcastChannel(name));
        parts.set(life, part);
        return part(attempt, line);
    };
});
/** One tab's part, for the life of its stream. */
const takePart = (transport, life, name, locks, channel) => {
    let leading = false;
    /** Asked, and not answered. */
    let waiting = false;
    let greeting;
    let attempt;
    let line;
    /** Frames that came while this tab was between two attempts. */
    const missed = [];
    const post = (note) => life.aborted || channel.postMessage(note);
    const lead = async (mine, own) => {
        const end = (reason, least) => {
            greeting = undefined;
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
    const active = () => attempt && !attempt.signal.aborted;
    const campaign = (settings) => locks
        .request(name, settings, () => {
        leading = true;
        if (attempt && active())
            lead(attempt, line);
        return new Promise((resolve) => life.addEventListener("abort", resolve));
    })
        .then(undefined, () => {
        if (!leading || life.aborted)
            return;
        // Another tab took the lock, because this one slept through its question.
        leading = false;
        line.end("another tab leads");
        campaign({ signal: life });
    });
    const join = (began) => {
        if (attempt?.lastEventId())
            return line.heard();
        line.frame({ event: began.event, data: began.data });
        // What the server sent to the leader alone, such as retained events, has not reached this tab.
        line.frame({ event: "growset.gap", data: '{"reason":"joined"}' });
    };
    channel.onmessage = ({ data: { frame, end, ask, answer } }) => {
        if (leading) {
            if (ask)
                post({ answer: { greeting } });
            return;
        }
        if (answer && waiting) {
            waiting = false;
            if (answer.greeting && active())
                join(answer.greeting);
        }
        if (frame) {
            waiting = false;
            if (active())
                line.frame(frame);
            else
                missed.push(frame);
        }
        if (end !== undefined && active())
            line.end(end);
    };
    life.addEventListener("abort", () => channel.close());
    campaign({ signal: life });
    return async (next, itsLine) => {
        [attempt, line] = [next, itsLine];
        missed.splice(0).forEach(line.frame);
        if (leading)
            return lead(next, line);
        // The last question had no answer for a whole attempt: who holds the lock is suspended, as on a phone.
        if (waiting)
            campaign({ steal: true });
        waiting = true;
        post({ ask: true });
    };
};
