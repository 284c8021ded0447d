/** The address with the subscription in its query. */
export const address = (url, query) => {
    const parameters = new URLSearchParams();
    for (const [key, value] of Object.entries(query))
        if (value?.length)
            parameters.set(key, value);
    return `${url}${url.includes("?") ? "&" : "?"}${parameters}`;
};
