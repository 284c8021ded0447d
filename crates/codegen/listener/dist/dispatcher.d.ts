/** Handlers by name. One that throws, or rejects, is reported and stops no other. */
import type { Environment } from "./environment.js";
export type Unsubscribe = () => void;
/** What is told beside the events; no event can bear these names. */
export declare const ANY = "*";
export declare const GAP = "!";
export declare const STATE = "~";
export declare const UNKNOWN = "?";
type Run = (...values: never[]) => unknown;
export interface Dispatcher {
    add(name: string, handler: Run): Unsubscribe;
    emit(name: string, ...values: unknown[]): void;
}
export declare const dispatcher: (environment: Environment) => Dispatcher;
export {};
