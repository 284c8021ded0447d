/**
 * What the generated validators know beyond right and wrong: the fields and values that their contract lists. A newer server
 * may send others, which are no mistake; a page that is told of them knows that it is old.
 */
import { type Check, type Issue, issue, type Key } from "./check.js";

export interface Finding extends Partial<Issue> {
  /** `field`, `value`: the contract does not list it. `invalid`: a listener need not accept it; `message` says why. */
  readonly reason: "field" | "value" | "invalid";
  /** Where in the payload. */
  readonly path: readonly Key[];
}

/** One event's contract, as `connect` takes it under `validate`. */
export interface Contract<Event extends string = string> {
  readonly event: Event;
  inspect(payload: unknown): readonly Finding[];
}

/** Looks below a value that is valid. */
type Look = (value: never) => void;
/** By what the contract lists; `0` where there is nothing to look for. */
type Table = Readonly<Record<string, Look | 0>>;

/** A long list may hold the same news many times. */
const MOST = 16;

let found: Finding[] = [];
let path: Key[] = [];

const note = (reason: "field" | "value", ...last: Key[]) => {
  if (found.length < MOST) found.push({ reason, path: [...path, ...last] });
};

const below = (key: Key, value: unknown, look: Look) => {
  if (value === null) return;
  path.push(key);
  look(value as never);
  path.pop();
};

export const fields = (value: Readonly<Record<string, unknown>>, listed: Table): void => {
  for (const key of Object.keys(value)) {
    const look = Object.hasOwn(listed, key) ? listed[key] : note("field", key);
    if (look) below(key, value[key], look);
  }
};

/** Of a list, or a map. */
export const each = (value: object, look: Look): void => {
  for (const [key, item] of Object.entries(value))
    below(Array.isArray(value) ? Number(key) : key, item, look);
};

export const choice = (value: string, ...listed: readonly string[]): void => {
  if (!listed.includes(value)) note("value");
};

/** Of a union, by its tag. */
export const cases = (
  value: Readonly<Record<string, unknown>>,
  tag: string,
  listed: Readonly<Record<string, Table>>,
): void => {
  const name = `${value[tag]}`;
  const members = Object.hasOwn(listed, name) && listed[name];
  if (members) fields(value, members);
  else note("value", tag);
};

export const contract = <Event extends string>(event: Event, check: Check, look: Look): Contract<Event> => ({
  event,
  inspect(payload) {
    found = [];
    path = [];
    const wrong = issue((value) => {
      const isValid = check(value);
      if (isValid) look(value as never);
      return isValid;
    }, payload);
    return wrong ? [{ reason: "invalid", ...wrong }] : found;
  },
});
