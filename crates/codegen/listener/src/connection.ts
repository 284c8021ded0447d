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
import type { Line, Subscription, Transport } from "./transport.js";

export interface Plan {
  readonly url: string | (() => string | Promise<string>);
  readonly subscription: Subscription;
  /** The browser's `EventSource` unless told. */
  readonly transport: Transport | undefined;
  readonly fallback: Fallback | undefined;
  readonly lastEventId: string;
  readonly pingMs: number;
  readonly withCredentials: boolean;
  readonly signal: AbortSignal | undefined;
  readonly environment: Environment;
  readonly state: WritableState;
  /** Takes each frame that was not seen before. */
  receive(frame: Frame): void;
}

export interface Connection {
  lastEventId(): string;
  /** The server said how often it breaks its silence. */
  expectPing(milliseconds: number): void;
  /** Ends this attempt; the next one comes after this time at least. */
  leave(milliseconds: number): void;
  close(reason: string): void;
}

/** A timer that is asked for more fires at once. */
const LONGEST = 2 ** 31 - 1;
/** A server that says `retry: 0` shall not be asked without pause when it is down. */
const SHORTEST_RETRY = 100;
/** Failures in a row stretch the server's retry time up to two to this power. */
const STEEPEST = 4;

export const openConnection = (plan: Plan): Connection => {
  const { environment, state, fallback } = plan;
  const life = new AbortController();
  const isNew = dedupe();
  let { pingMs, lastEventId } = plan;
  let attempt = life;
  let timer: unknown;
  let retryMs = 3000;
  let failures = 0;
  let startedAt = 0;
  let heardAt = 0;
  /** Nothing was heard on this attempt yet. */
  let silent = true;
  /** This attempt polls. */
  let falling = false;
  /** Polling works: to look whether the stream does, too, is no news for the page. */
  let polling = false;
  let offline = false;

  const wait = (milliseconds: number, run: () => void) => {
    environment.clearTimeout(timer);
    timer = environment.setTimeout(run, Math.min(milliseconds, LONGEST));
  };

  const stop = (to: "closed" | "denied", reason: number | string) => {
    if (life.signal.aborted) return;
    life.abort();
    attempt.abort();
    environment.clearTimeout(timer);
    state.set(to, reason);
  };

  const lose = (reason: number | string, least = 0) => {
    attempt.abort();
    environment.clearTimeout(timer);
    if (reason === 204) return stop("closed", reason);
    if (reason === 401 || reason === 403) return stop("denied", reason);
    if (falling && reason) polling = false;
    if (!polling) state.set("retrying", reason);
    const jitter = environment.Math.random() * retryMs * 2 ** Math.min(failures++, STEEPEST);
    if (!offline) wait(polling ? 0 : Math.max(least, 0) + jitter, start);
  };

  /** One ping interval without the first byte, or two of silence later on, are a dead connection. */
  const watch = () => {
    const silence = environment.Date.now() - heardAt;
    const stale = !silent && silence >= pingMs * 1.5;
    const limit = pingMs * (silent ? 1 : stale ? 2 : 1.5);
    if (silence >= limit) return lose("silence");
    if (stale) state.set("stale", "silence");
    if (!silent && !falling && environment.Date.now() - startedAt >= pingMs) failures = 0;
    wait(limit - silence, watch);
  };

  const start = async () => {
    attempt = new AbortController();
    const { signal } = attempt;
    falling =
      !!fallback &&
      (!(plan.transport || environment.EventSource) || (failures >= fallback.after && !falling));
    silent = true;
    startedAt = heardAt = environment.Date.now();
    watch();
    const line: Line = {
      heard() {
        if (signal.aborted) return;
        silent = false;
        polling = falling;
        heardAt = environment.Date.now();
        state.set(falling ? "polling" : "live");
      },
      frame(frame) {
        line.heard();
        const { event, id } = frame;
        if (signal.aborted || (id && !event.startsWith("growset.") && !isNew(id))) return;
        // An id that no header could carry back is not resumed from.
        if (id && /^[!-~]{1,128}$/.test(id)) lastEventId = id;
        plan.receive(frame);
      },
      retry(milliseconds) {
        retryMs = Math.max(milliseconds, SHORTEST_RETRY);
      },
      end(reason, least) {
        if (!signal.aborted) lose(reason, least);
      },
    };
    try {
      // Nothing leaves before the caller has returned: a stream that is closed in the same breath costs no request.
      await 0;
      if (signal.aborted) return;
      const url = await (typeof plan.url === "string" ? plan.url : plan.url());
      if (signal.aborted) return;
      const transport = (falling && fallback ? fallback : plan).transport ?? nativeTransport;
      await transport(
        {
          url,
          subscription: plan.subscription,
          lastEventId: () => lastEventId,
          withCredentials: plan.withCredentials,
          environment,
          signal,
          life: life.signal,
        },
        line,
      );
    } catch (error) {
      line.end(`${error}`);
    }
  };

  const close = (reason: string) => stop("closed", reason);

  if (plan.signal?.aborted) close("aborted");
  else {
    const settings = { signal: life.signal };
    plan.signal?.addEventListener("abort", () => close("aborted"), settings);
    environment.addEventListener?.(
      "offline",
      () => {
        offline = true;
        lose("offline");
      },
      settings,
    );
    environment.addEventListener?.(
      "online",
      () => {
        offline = false;
        if (attempt.signal.aborted) wait(0, start);
      },
      settings,
    );
    start();
  }

  return {
    lastEventId: () => lastEventId,
    expectPing(milliseconds) {
      pingMs = milliseconds;
      watch();
    },
    leave: (milliseconds) => lose("bye", milliseconds),
    close,
  };
};
