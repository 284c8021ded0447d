/**
 * What the generated validators share. A check answers whether a value passes, and allocates nothing while it does; one
 * that fails notes what it expected, and each of its callers notes where. Nothing here ever throws.
 */
/** The first part that did not pass. */
let expected = "";
let path = [];
/** The part at hand does not pass. */
export const no = (what) => {
    expected = what;
    path = [];
    return false;
};
/** What did not pass is below this key. */
export const inside = (key) => {
    path.unshift(key);
    return false;
};
/** A member whose name every object inherits something by. */
export const own = (value, key) => Object.hasOwn(value, key) ? value[key] : undefined;
export const object = (value) => (typeof value === "object" && value !== null && !Array.isArray(value)) || no("an object");
export const items = (list, check) => {
    for (let at = 0; at < list.length; at++)
        if (!check(list[at]))
            return inside(at);
    return true;
};
export const values = (map, check) => {
    for (const key of Object.keys(map))
        if (!check(map[key]))
            return inside(key);
    return true;
};
/** The length in code points, as contracts count it. */
export const points = (text) => text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);
/** Whether no two items are equal, whatever the order of their members. */
export const unique = (list) => new Set(list.map((item) => JSON.stringify(item, inOrder))).size === list.length || no("items that differ");
/** As pairs, because an object would put names that look like numbers first, and not know `__proto__`. */
const inOrder = (_, value) => typeof value === "object" && value && !Array.isArray(value)
    ? { members: Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)) }
    : value;
export const schema = (check) => ({
    "~standard": {
        version: 1,
        vendor: "growset",
        validate(value) {
            const wrong = issue(check, value);
            return wrong ? { issues: [wrong] } : { value: value };
        },
    },
});
/** What is wrong with a value, if anything is. */
export const issue = (check, value) => {
    try {
        if (check(value))
            return;
    }
    catch {
        // Nothing but the stack can fail: `JSON.parse` has none, and reads what is nested deeper.
        no("less depth");
    }
    let found = value;
    for (const key of path)
        found = found[key];
    return { message: `expected ${expected}${found === undefined ? ", found nothing" : ""}`, path };
};
