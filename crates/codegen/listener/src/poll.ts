/** `GET /poll` for where no stream comes through: no `EventSource`, or a proxy that holds answers back. */
import { type FetchSettings, request } from "./fetch.js";
import { address, refused, type Transport } from "./transport.js";

/** Takes over after repeated failures. */
export interface Fallback {
  readonly transport: Transport;
  /** So many failed attempts in a row. */
  readonly after: number;
}

export interface PollSettings {
  /** Where to poll, for instance `/poll`. */
  readonly url: string;
  readonly headers?: FetchSettings["headers"] | undefined;
  /** Failed attempts in a row before polling starts. 3 unless told. */
  readonly after?: number | undefined;
  /** After so many milliseconds the stream is tried again. Five minutes unless told. */
  readonly session?: number | undefined;
}

/** A server that says nought shall not be asked without pause. */
const SHORTEST = 100;

interface Answer {
  readonly frames: readonly { readonly event: string; readonly data: unknown; readonly id?: string }[];
  readonly next?: string;
  readonly retryMs?: number;
}

export const pollFallback = ({ url, headers, after = 3, session = 3e5 }: PollSettings): Fallback => ({
  after,
  transport: async (attempt, line) => {
    const { environment, signal, subscription } = attempt;
    const until = environment.Date.now() + session;
    do {
      const query = { ...subscription, after: attempt.lastEventId() };
      const response = await request(attempt, headers, address(url, query), {});
      if (response.status !== 200) return refused(attempt, line, response);
      const { frames, next, retryMs }: Answer = await response.json();
      line.heard();
      for (const { event, data, id } of frames) line.frame({ event, data: JSON.stringify(data), id });
      // The position may move past events that were not asked for; a ping says so on a stream, and here too.
      if (next) line.frame({ event: "growset.ping", data: "{}", id: next });
      await new Promise<void>((resolve) =>
        environment.setTimeout(resolve, Math.max(Number(retryMs) || 3000, SHORTEST)),
      );
    } while (!signal.aborted && environment.Date.now() < until);
    line.end("");
  },
});
