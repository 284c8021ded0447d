/** Nothing is taken on trust: `told` may be any JSON, wrapped as an object. */
export const control = (reportGap) => {
    let connectedBefore = false;
    return (event, data, connection) => {
        const told = data;
        if (event === "growset.gap")
            reportGap(told);
        if (event === "growset.bye")
            connection.lose("bye", Number(told.retryMs) || 0);
        if (event === "growset.connected") {
            connection.expect(told.pingMs, told.retryMs);
            // The server takes us for a newcomer, because no id had reached us: what came meanwhile is lost.
            if (connectedBefore && told.resume === "new")
                reportGap({ reason: "unknown" });
            connectedBefore = true;
        }
    };
};
