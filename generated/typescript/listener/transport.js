/** Why a stream can never be: the end for good. */
export const NO_SOURCE = "no EventSource";
/**
 * An answer that is no stream: its status, what is wrong with the question (RFC 9457), and when the server wants to be asked
 * again, in seconds or as a date.
 */
export const refused = async ({ environment }, line, response) => {
    const { status, headers } = response;
    const after = headers.get("retry-after");
    // A problem of another kind passes by itself; this one is the page's own. Where there is no such document, `Object` has none.
    const detail = status === 400 && (await response.json().catch(Object)).detail;
    const why = status === 200 ? "not an event stream" : detail || status;
    line.end(why, Number(after) * 1000 || Date.parse(after) - environment.Date.now() || 0);
};
/** The address with the subscription in its query. */
export const address = (url, query) => {
    const parameters = new URLSearchParams();
    for (const [key, value] of Object.entries(query))
        if (value?.length)
            parameters.set(key, value);
    return `${url}${url.includes("?") ? "&" : "?"}${parameters}`;
};
