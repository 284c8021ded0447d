/** An answer that is no stream: its status, and when the server wants to be asked again, in seconds or as a date. */
export const refused = ({ environment }, line, { status, headers }) => {
    const after = headers.get("retry-after") ?? 0;
    line.end(status, Number(after) * 1000 || Date.parse(`${after}`) - environment.Date.now() || 0);
};
/** The address with the subscription in its query. */
export const address = (url, query) => {
    const parameters = new URLSearchParams();
    for (const [key, value] of Object.entries(query))
        if (value?.length)
            parameters.set(key, value);
    return `${url}${url.includes("?") ? "&" : "?"}${parameters}`;
};
