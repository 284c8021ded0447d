/** Handlers by name. One that throws, or rejects, is reported and stops no other. */
import type { Environment } from "./environment.js";
export type Unsubscribe = () => void;
/** What is told beside the events. Invariant: no strings, so that no event's name can be one of these. */
export declare const ANY = 0;
export declare const GAP = 1;
export declare const STATE = 2;
export declare const UNKNOWN = 3;
type Key = string | number;
type Run = (...values: never[]) => unknown;
export interface Dispatcher {
    add(key: Key, handler: Run): Unsubscribe;
    emit(key: Key, value?: unknown): void;
}
export declare const dispatcher: (environment: Environment) => Dispatcher;
export {};
