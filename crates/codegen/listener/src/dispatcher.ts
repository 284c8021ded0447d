/** Handlers by name. One that throws, or rejects, is reported and stops no other. */
import type { Environment } from "./environment.js";

export type Unsubscribe = () => void;

/** What is told beside the events. Invariant: no strings, so that no event's name can be one of these. */
export const ANY = 0;
export const GAP = 1;
export const STATE = 2;
export const UNKNOWN = 3;

type Key = string | number;

type Run = (...values: never[]) => unknown;

/** An object of its own: a handler added twice is called twice, and each removal takes one. */
interface Entry {
  readonly key: Key;
  readonly handler: Run;
}

export interface Dispatcher {
  add(key: Key, handler: Run): Unsubscribe;
  emit(key: Key, value?: unknown): void;
}

const call = async (environment: Environment, handler: Run, value: unknown) => {
  try {
    await handler(value as never);
  } catch (error) {
    (environment.reportError ?? console.error)(error);
  }
};

export const dispatcher = (environment: Environment): Dispatcher => {
  /** Each change makes another list: who is added while an event is told waits for the next one. */
  let entries: readonly Entry[] = [];
  return {
    add(key, handler) {
      const entry = { key, handler };
      entries = [...entries, entry];
      return () => {
        entries = entries.filter((other) => other !== entry);
      };
    },
    emit(key, value) {
      // Who is removed meanwhile hears no more.
      for (const entry of entries)
        if (entry.key === key && entries.includes(entry)) call(environment, entry.handler, value);
    },
  };
};
