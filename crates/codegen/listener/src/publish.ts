/**
 * Publishing from a service: typed as the server's intake takes it, with a key, so that a retry is no second event. Unlike
 * the listener it does throw: whoever publishes has to know.
 */

import type { HeadersLike } from "./environment.js";

/** What a publisher sends: no field that the server derives, no value or case that the contract does not list. */
export type Intake<Value, Unlisted, Derived> = unknown extends Value
  ? Value
  : Value extends Unlisted
    ? never
    : Value extends string | number | boolean | null | undefined
      ? Value
      : Value extends readonly (infer Item)[]
        ? readonly Intake<Item, Unlisted, Derived>[]
        : true extends { [Key in keyof Value]: [Value[Key]] extends [Unlisted] ? true : false }[keyof Value]
          ? never
          : {
              [Key in keyof Value as Exclude<Key, DerivedOf<Value, Derived>>]: Intake<
                Value[Key],
                Unlisted,
                Derived
              >;
            } & { readonly [Key in DerivedOf<Value, Derived>]?: never };

/** `Derived` is a union of pairs, a record's type and the names of its derived fields. */
type DerivedOf<Value, Derived> = Derived extends readonly [infer Owner, infer Name extends string]
  ? [Owner, Value] extends [Value, Owner]
    ? Name
    : never
  : never;

/** Whom an event is for, as its audience has it. */
export interface Recipients {
  readonly org: { readonly org: string };
  readonly user: { readonly org: string; readonly user: string };
  readonly channel: { readonly org: string; readonly channel: string };
  readonly public: { readonly org?: never };
}

/** By event: its payload, and its audience. */
export type Publishable = { readonly data: unknown; readonly audience: keyof Recipients };

export interface PublisherSettings {
  /** Asked again on every attempt, so that a token can be fresh. */
  readonly headers?: (() => HeadersLike | Promise<HeadersLike>) | undefined;
  /** How often it is tried before the failure is the caller's. 5 unless told. */
  readonly attempts?: number | undefined;
  /** The span of the first wait in milliseconds; it doubles with each failure, up to 30 s. 200 unless told. */
  readonly retryMs?: number | undefined;
  readonly environment?: PublisherEnvironment | undefined;
}

/** What the publisher takes from the world around it; `globalThis` is one. */
export interface PublisherEnvironment {
  readonly Date: { now(): number };
  readonly Math: { random(): number };
  readonly crypto: { randomUUID(): string };
  setTimeout(run: () => void, milliseconds: number): unknown;
  fetch(url: string, request: RequestInit): Promise<Response>;
}

export interface PublishOptions {
  /** The publisher's own name of this event, at most 128 bytes. With it a later call is no second event either. */
  readonly key?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Published {
  readonly id: string;
  /** The server had it already, under this key. */
  readonly repeated?: boolean;
}

/** Refused, or given up: `problem` is the server's own account (RFC 9457), where there is one, and the message sums it up. */
export class PublishError extends Error {
  override readonly name: string = "PublishError";
  readonly status: number;
  readonly problem: Readonly<Record<string, unknown>>;

  constructor(status: number, problem: Record<string, unknown>) {
    const { errors } = problem;
    const told = (Array.isArray(errors) ? errors : []).map((error) => {
      const { pointer = "", detail = "" } = Object(error);
      return `${pointer} ${detail}`.trim();
    });
    const first = problem.detail ?? problem.title ?? `the server answered ${status}`;
    super([first, ...told.filter(Boolean)].join("; "));
    this.status = status;
    this.problem = problem;
  }
}

export type Publish<Map> = <Name extends keyof Map & string>(
  event: Name,
  to: Map[Name] extends Publishable ? Recipients[Map[Name]["audience"]] : never,
  data: Map[Name] extends Publishable ? Map[Name]["data"] : never,
  options?: PublishOptions,
) => Promise<Published>;

const LONGEST_WAIT = 30_000;

/** Binds `publish` to one server: `publishTo("https://events.internal/publish", { headers })`. */
export const publishTo = <Map>(url: string, settings: PublisherSettings = {}): Publish<Map> => {
  const { headers, attempts = 5, retryMs = 200 } = settings;
  const environment = settings.environment ?? (globalThis as unknown as PublisherEnvironment);

  const attempt = async (body: string, signal: AbortSignal | undefined) => {
    const all = new Headers(await headers?.());
    all.set("content-type", "application/json");
    return environment.fetch(url, { method: "POST", headers: all, body, signal: signal ?? null });
  };

  return async (event, to, data, { key = environment.crypto.randomUUID(), signal } = {}) => {
    // The same text on every attempt: a key with another payload would be refused.
    const body = JSON.stringify({ event, ...to, data, key });
    for (let failures = 0; ; failures++) {
      signal?.throwIfAborted();
      const span = Math.min(retryMs * 2 ** failures, LONGEST_WAIT);
      let wait = environment.Math.random() * span;
      try {
        const response = await attempt(body, signal);
        if (response.ok) return (await response.json()) as Published;
        const { status } = response;
        const problem = Object(await response.json().catch(() => undefined));
        if ((status < 500 && status !== 429) || failures + 1 >= attempts)
          throw new PublishError(status, problem);
        const after = response.headers.get("retry-after") ?? "";
        const until = Number(after) * 1000 || Date.parse(after) - environment.Date.now();
        if (until > 0) wait += until;
      } catch (error) {
        // What `fetch` itself throws is the network's; whether the event arrived is not known, and the key makes it safe.
        if (error instanceof PublishError || signal?.aborted || failures + 1 >= attempts) throw error;
      }
      await pause(environment, wait, signal);
    }
  };
};

const pause = ({ setTimeout }: PublisherEnvironment, milliseconds: number, signal: AbortSignal | undefined) =>
  new Promise<void>((resolve) => {
    signal?.addEventListener("abort", () => resolve(), { once: true });
    setTimeout(resolve, milliseconds);
  });
