/** `GET /poll` for where no stream comes through: no `EventSource`, or a proxy that holds answers back. */
import { type FetchSettings, request } from "./fetch.js";
import { address, refused, type Transport } from "./transport.js";

/** Takes over where streams are held back. */
export interface Fallback {
  readonly transport: Transport;
  /** After so many attempts in a row that stood and brought not a byte. */
  readonly after: number;
}

export interface PollSettings {
  /** Where to poll, for instance `/poll`. */
  readonly url: string;
  readonly headers?: FetchSettings["headers"] | undefined;
  /**
   * After so many attempts in a row that stood and brought not a byte, 3 unless told. A server that is away, and says so by
   * refusing or breaking off, would not answer polls either.
   */
  readonly after?: number | undefined;
  /** After so many milliseconds at most the stream is tried again: at first after 30 s. Five minutes unless told. */
  readonly session?: number | undefined;
}

/** A server that says nought shall not be asked without pause, and a timer that is asked for more than it can fires at once. */
const SHORTEST = 100;
const LONGEST = 2 ** 31 - 1;
/** An answer that takes longer never comes. */
const PATIENCE = 15e3;
/** The first time polls go on so long before the stream is tried again, then each time twice as long. */
const FIRST_SESSION = 3e4;

interface Answer {
  readonly frames: readonly {
    readonly event: string;
    readonly data: unknown;
    readonly id?: string;
  }[];
  readonly next?: string;
  readonly retryMs?: number;
}

/** What is remembered from one session of a stream to the next. */
interface Past {
  /** How long it polls the next time. */
  length: number;
  greeted: boolean;
}

const pasts = new WeakMap<AbortSignal, Past>();

export const pollFallback = ({ url, headers, after = 3, session = 3e5 }: PollSettings): Fallback => ({
  after,
  transport: async (attempt, line) => {
    const { environment, life, signal, subscription } = attempt;
    const past = pasts.get(life) ?? { length: FIRST_SESSION, greeted: false };
    pasts.set(life, past);
    const until = environment.Date.now() + Math.min(past.length, session);
    past.length *= 2;
    let timer: unknown;
    const wait = (milliseconds: number, run: () => void) => {
      environment.clearTimeout(timer);
      timer = environment.setTimeout(run, milliseconds);
    };
    signal.addEventListener("abort", () => environment.clearTimeout(timer));
    do {
      wait(PATIENCE, () => line.end("silence"));
      const query = { ...subscription, after: attempt.lastEventId() };
      const response = await request(attempt, headers, address(url, query), {});
      if (response.status !== 200) return refused(attempt, line, response);
      const { frames, next, retryMs }: Answer = await response.json();
      line.heard();
      for (const { event, data, id } of frames) {
        // Each answer begins as a stream does. A page that fetches its state on that shall not do so at every poll.
        const greets = event === "growset.connected";
        if (greets && past.greeted && Object(data).resume === "exact") continue;
        past.greeted ||= greets;
        line.frame({ event, data: JSON.stringify(data), id });
      }
      // The position may move past events that were not asked for; a ping says so on a stream, and here too.
      if (next) line.frame({ event: "growset.ping", data: "{}", id: next });
      const pause = Math.min(Math.max(Number(retryMs) || 3000, SHORTEST), LONGEST);
      await new Promise<void>((resolve) => wait(pause, resolve));
    } while (environment.Date.now() < until);
    line.end("");
  },
});
