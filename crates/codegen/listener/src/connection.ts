/**
 * The state machine: attempts, backoff, watchdog, resume. Decides when and how to reach the server, and hands on each
 * frame once. Knows nothing of handlers, and nothing of what a frame carries.
 */
import { dedupe } from "./dedupe.js";
import type { Environment } from "./environment.js";
import type { Frame } from "./frame.js";
import { nativeTransport } from "./native.js";
import type { Fallback } from "./poll.js";
import type { WritableState } from "./state.js";
import { type Line, NO_SOURCE, type Subscription, type Transport } from "./transport.js";

/** An address, or what makes one for each attempt: a fresh ticket in the query, for instance. */
export type Address = string | (() => string | Promise<string>);

/** What a page may settle. `transport`, `fallback` and `withCredentials` are looked up on each attempt. */
export interface Settings {
  /** The browser's `EventSource` unless told: `fetchTransport()` or `shareTabs()`. */
  readonly transport?: Transport | undefined;
  readonly fallback?: Fallback | undefined;
  /** Whether cookies go to another origin. They do unless told. */
  readonly withCredentials?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Where to resume, as `stream.lastEventId` said. */
  readonly lastEventId?: string | undefined;
  /** The ping interval until the server says its own; `Infinity` for a server that never pings. 15 s unless told. */
  readonly pingMs?: number | undefined;
}

export interface Connection {
  lastEventId(): string;
  /** The server said how often it breaks its silence, and when to come back. What is no such number changes nothing. */
  expect(pingMs: number | undefined, retryMs: number | undefined): void;
  /** Ends this attempt, with this reason; the next one comes after this time at least, or none with an end for good. */
  lose(reason: string, least: number, end?: "closed"): void;
}

/** A timer that is asked for more fires at once. */
const LONGEST = 2 ** 31 - 1;
/** A server that says `retry: 0` shall not be asked without pause when it is down. */
const SHORTEST_RETRY = 100;
const PING = 15e3;
/** Failures in a row stretch the server's retry time up to two to this power. */
const STEEPEST = 4;

/** What is not tried again. */
const ENDS: Readonly<Record<number | string, "closed" | "denied" | undefined>> = {
  204: "closed",
  [NO_SOURCE]: "closed",
  401: "denied",
  403: "denied",
};

/** `receive` takes each frame that was not seen before. */
export const openConnection = (
  address: Address,
  subscription: Subscription,
  options: Settings,
  environment: Environment,
  state: WritableState,
  receive: (frame: Frame) => void,
): Connection => {
  const life = new AbortController();
  const isNew = dedupe();
  let { pingMs = PING, lastEventId = "" } = options;
  let attempt = life;
  let timer: unknown;
  let retryMs = 3000;
  let failures = 0;
  /** Attempts in a row that stood and brought not a byte: the sign of a proxy that holds answers back. */
  let held = 0;
  let startedAt = 0;
  let heardAt = 0;
  /** Nothing was heard on this attempt yet. */
  let silent = true;
  /** This attempt polls. */
  let falling = false;
  let offline = false;

  const wait = (milliseconds: number, run: () => void) => {
    environment.clearTimeout(timer);
    timer = environment.setTimeout(run, Math.min(milliseconds, LONGEST));
  };

  const lose = (reason: number | string, least = 0, end = ENDS[reason]) => {
    if (life.signal.aborted) return;
    attempt.abort();
    environment.clearTimeout(timer);
    if (end) {
      life.abort();
      return state.set(end, reason);
    }
    // While polling works, to look whether the stream does, too, is no news for the page.
    const polling = state.current === "polling" && !(falling && reason);
    if (!polling) state.set("retrying", reason);
    const jitter = environment.Math.random() * retryMs * 2 ** Math.min(failures++, STEEPEST);
    if (!offline) wait(polling ? 0 : Math.max(least, 0) + jitter, start);
  };

  /** One ping interval without the first byte, or two of silence later on, are a dead connection. */
  const watch = () => {
    // The fallback asks and waits by itself.
    if (falling) return;
    const now = environment.Date.now();
    // A clock that was set back must not make the silence younger than it can be.
    heardAt = Math.min(heardAt, now);
    const silence = now - heardAt;
    const limit = pingMs * (silent ? 1 : silence < pingMs * 1.5 ? 1.5 : 2);
    if (silence >= limit) {
      if (silent) held++;
      return lose("silence");
    }
    if (limit > pingMs * 1.5) state.set("stale", "silence");
    wait(limit - silence, watch);
  };

  const again = () => {
    if (!attempt.signal.aborted || offline) return;
    environment.clearTimeout(timer);
    start();
  };

  const retry = (milliseconds: number) => {
    retryMs = Math.max(milliseconds, SHORTEST_RETRY);
  };

  const start = async () => {
    attempt = new AbortController();
    const { signal } = attempt;
    const { transport, fallback } = options;
    falling = !!fallback && (!(transport || environment.EventSource) || (held >= fallback.after && !falling));
    silent = true;
    startedAt = heardAt = environment.Date.now();
    watch();
    const line: Line = {
      heard() {
        if (signal.aborted) return;
        silent = false;
        heardAt = environment.Date.now();
        if (!falling) {
          held = 0;
          if (heardAt - startedAt >= Math.min(pingMs, PING)) failures = 0;
        }
        state.set(falling ? "polling" : "live");
      },
      frame(frame) {
        line.heard();
        const { event, id } = frame;
        if (signal.aborted || (id && !event.startsWith("growset.") && !isNew(id))) return;
        // An id that no header could carry back is not resumed from.
        if (id && /^[!-~]{1,128}$/.test(id)) lastEventId = id;
        receive(frame);
      },
      retry,
      end(reason, least) {
        if (!signal.aborted) lose(reason, least);
      },
    };
    try {
      // Nothing leaves before the caller has returned: a stream that is closed in the same breath costs no request.
      await 0;
      if (signal.aborted) return;
      const url = await (typeof address === "string" ? address : address());
      if (signal.aborted) return;
      await ((falling && fallback ? fallback.transport : transport) ?? nativeTransport)(
        {
          url,
          subscription,
          lastEventId: () => lastEventId,
          withCredentials: options.withCredentials !== false,
          environment,
          again,
          signal,
          life: life.signal,
        },
        line,
      );
    } catch (error) {
      line.end(`${error}`);
    }
  };

  const abort = () => lose("aborted", 0, "closed");

  if (options.signal?.aborted) abort();
  else {
    const settings = { signal: life.signal };
    const listen = (type: string, run: () => void) => environment.addEventListener?.(type, run, settings);
    options.signal?.addEventListener("abort", abort, settings);
    listen("offline", () => {
      offline = true;
      lose("offline");
    });
    listen("online", () => {
      offline = false;
      again();
    });
    start();
  }

  return {
    lastEventId: () => lastEventId,
    expect(ping, time) {
      // Comparing turns whatever was sent into a number, or into none that is greater.
      if (ping && ping > 0) pingMs = +ping;
      if (time && time > 0) retry(+time);
      watch();
    },
    lose,
  };
};
