/**
 * What the generated validators know beyond right and wrong: the fields and values that their contract lists. A newer server
 * may send others, which are no mistake; a page that is told of them knows that it is old.
 */
import { type Check, type Issue, type Key } from "./check.js";
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
export declare const fields: (value: Readonly<Record<string, unknown>>, listed: Table) => void;
/** Of a list, or a map. */
export declare const each: (value: object, look: Look) => void;
export declare const choice: (value: string, ...listed: readonly string[]) => void;
/** Of a union, by its tag. */
export declare const cases: (value: Readonly<Record<string, unknown>>, tag: string, listed: Readonly<Record<string, Table>>) => void;
export declare const contract: <Event extends string>(event: Event, check: Check, look: Look) => Contract<Event>;
export {};
