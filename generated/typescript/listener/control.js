/** Nothing is taken on trust: `told` may be any JSON, wrapped as an object. */
export const control = (reportGap) => {
    let connectedBefore = false;
    return (event, data, connection) => {
        const told = data;
        if (event === "growset.gap")
            reportGap(told);
        if (event === "growset.bye")
            connection.leave(Number(told.retryMs) || 0);
        if (event === "growset.connected") {
            if (Number(told.pingMs) > 0)
                connection.expectPing(Number(told.pingMs));
            // The server takes us for a newcomer, because no id had reached us: what came meanwhile is lost.
            if (connectedBefore && told.resume === "new")
                reportGap({ reason: "unknown" });
            connectedBefore = true;
        }
    };
};
