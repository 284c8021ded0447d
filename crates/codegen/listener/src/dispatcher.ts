/** Handlers by name. One that throws, or rejects, is reported and stops no other. */
import type { Environment } from "./environment.js";

export type Unsubscribe = () => void;

/** What is told beside the events; no event can bear these names. */
export const ANY = "*";
export const GAP = "!";
export const STATE = "~";
export const UNKNOWN = "?";

type Run = (...values: never[]) => unknown;

export interface Dispatcher {
  add(name: string, handler: Run): Unsubscribe;
  emit(name: string, ...values: unknown[]): void;
}

const call = async (environment: Environment, handler: Run, values: unknown[]) => {
  try {
    await handler(...(values as never[]));
  } catch (error) {
    (environment.reportError ?? console.error)(error);
  }
};

export const dispatcher = (environment: Environment): Dispatcher => {
  const handlers = new Map<string, Set<{ handler: Run }>>();
  return {
    add(name, handler) {
      const set = handlers.get(name) ?? new Set();
      handlers.set(name, set);
      // An entry of its own: a handler added twice is called twice, and each removal takes one.
      const entry = { handler };
      set.add(entry);
      return () => {
        set.delete(entry);
      };
    },
    emit(name, ...values) {
      for (const { handler } of handlers.get(name) ?? []) call(environment, handler, values);
    },
  };
};
