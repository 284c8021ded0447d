/**
 * What the generated validators share. A check answers whether a value passes, and allocates nothing while it does; one
 * that fails notes what it expected, and each of its callers notes where. Nothing here ever throws.
 */

export type Key = string | number;
export type Check = (value: unknown) => boolean;

/** The first part that did not pass. */
let expected = "";
let path: Key[] = [];

/** The part at hand does not pass. */
export const no = (what: string): false => {
  expected = what;
  path = [];
  return false;
};

/** What did not pass is below this key. */
export const inside = (key: Key): false => {
  path.unshift(key);
  return false;
};

/** A member whose name every object inherits something by. */
export const own = (value: object, key: string): unknown =>
  Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;

export const object = (value: unknown): boolean =>
  (typeof value === "object" && value !== null && !Array.isArray(value)) || no("an object");

export const items = (list: readonly unknown[], check: Check): boolean => {
  for (let at = 0; at < list.length; at++) if (!check(list[at])) return inside(at);
  return true;
};

export const values = (map: Readonly<Record<string, unknown>>, check: Check): boolean => {
  for (const key of Object.keys(map)) if (!check(map[key])) return inside(key);
  return true;
};

/** The length in code points, as contracts count it. */
export const points = (text: string): number =>
  text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);

/** Whether no two items are equal, whatever the order of their members. */
export const unique = (list: readonly unknown[]): boolean =>
  new Set(list.map((item) => JSON.stringify(item, inOrder))).size === list.length || no("items that differ");

/** As pairs, because an object would put names that look like numbers first, and not know `__proto__`. */
const inOrder = (_: string, value: unknown): unknown =>
  typeof value === "object" && value && !Array.isArray(value)
    ? { members: Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)) }
    : value;

export interface Issue {
  readonly message: string;
  readonly path: readonly Key[];
}

/** The interface of https://standardschema.dev, version 1, which forms, routers and clients of many kinds take. */
export interface Schema<Payload> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: "growset";
    validate(value: unknown): { readonly value: Payload } | { readonly issues: readonly Issue[] };
    readonly types?: { readonly input: Payload; readonly output: Payload };
  };
}

export const schema = <Payload>(check: Check): Schema<Payload> => ({
  "~standard": {
    version: 1,
    vendor: "growset",
    validate(value) {
      const wrong = issue(check, value);
      return wrong ? { issues: [wrong] } : { value: value as Payload };
    },
  },
});

/** What is wrong with a value, if anything is. */
export const issue = (check: Check, value: unknown): Issue | undefined => {
  try {
    if (check(value)) return;
  } catch {
    // Nothing but the stack can fail: `JSON.parse` has none, and reads what is nested deeper.
    no("less depth");
  }
  let found: unknown = value;
  for (const key of path) found = (found as Record<Key, unknown>)[key];
  return { message: `expected ${expected}${found === undefined ? ", found nothing" : ""}`, path };
};
