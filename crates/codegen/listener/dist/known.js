/**
 * What the generated validators know beyond right and wrong: the fields and values that their contract lists. A newer server
 * may send others, which are no mistake; a page that is told of them knows that it is old.
 */
import { issue } from "./check.js";
/** A long list may hold the same news many times. */
const MOST = 16;
let found = [];
let path = [];
const note = (reason, ...last) => {
    if (found.length < MOST)
        found.push({ reason, path: [...path, ...last] });
};
const below = (key, value, look) => {
    if (value === null)
        return;
    path.push(key);
    look(value);
    path.pop();
};
export const fields = (value, listed) => {
    for (const key of Object.keys(value)) {
        const look = Object.hasOwn(listed, key) ? listed[key] : note("field", key);
        if (look)
            below(key, value[key], look);
    }
};
/** Of a list, or a map. */
export const each = (value, look) => {
    for (const [key, item] of Object.entries(value))
        below(Array.isArray(value) ? Number(key) : key, item, look);
};
export const choice = (value, ...listed) => {
    if (!listed.includes(value))
        note("value");
};
/** Of a union, by its tag. */
export const cases = (value, tag, listed) => {
    const name = `${value[tag]}`;
    const members = Object.hasOwn(listed, name) && listed[name];
    if (members)
        fields(value, members);
    else
        note("value", tag);
};
export const contract = (event, check, look) => ({
    event,
    inspect(payload) {
        found = [];
        path = [];
        const wrong = issue((value) => {
            const isValid = check(value);
            if (isValid)
                look(value);
            return isValid;
        }, payload);
        return wrong ? [{ reason: "invalid", ...wrong }] : found;
    },
});
