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

export interface Dispatcher {
  add(key: Key, handler: Run): Unsubscribe;
  emit(key: Key, ...values: unknown[]): void;
}

const call = async (environment: Environment, handler: Run, values: unknown[]) => {
  try {
    await handler(...(values as never[]));
  } catch (error) {
    (environment.reportError ?? console.error)(error);
  }
};

export const dispatcher = (environment: Environment): Dispatcher => {
  const handlers = new Map<Key, Set<{ handler: Run }>>();
  return {
    add(key, handler) {
      const set = handlers.get(key) ?? new Set();
      handlers.set(key, set);
      // An entry of its own: a handler added twice is called twice, and each removal takes one.
      const entry = { handler };
      set.add(entry);
      return () => {
        set.delete(entry);
      };
    },
    emit(key, ...values) {
      for (const { handler } of handlers.get(key) ?? []) call(environment, handler, values);
    },
  };
};
