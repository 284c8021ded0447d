/**
 * One connection for all tabs of an origin. The tab that holds a Web Lock leads: it connects, and repeats what it hears
 * on a BroadcastChannel. When it closes, the browser hands the lock to the next tab, which resumes from its own position.
 */
import type { Channel, Locks } from "./environment.js";
import type { Frame } from "./frame.js";
import { nativeTransport } from "./native.js";
import type { AnyName, Attempt, Line, NamesOnly, Transport } from "./transport.js";

export interface ShareSettings {
  /**
   * Tabs share under the same key and the same names. The address unless told: tell it where headers say who the user is,
   * with the user in it, and where the address is another one in each tab.
   */
  readonly key?: string | undefined;
  /** What the leading tab connects with. The browser's `EventSource` unless told. */
  readonly transport?: Transport | undefined;
}

/** What the tabs hear is what their connection brings. */
interface ShareTabs {
  (settings: ShareSettings & { readonly transport: AnyName }): AnyName;
  (settings?: ShareSettings & { readonly transport?: NamesOnly | undefined }): NamesOnly;
}

/** What goes over the channel. */
interface Note {
  /** The leader heard this. */
  readonly frame?: Frame;
  /** The leader's attempt is over. */
  readonly end?: number | string;
  /** A tab asks whether somebody leads. */
  readonly ask?: true;
  /** The leader's answer, with its greeting by the server while its connection stands. */
  readonly answer?: { readonly greeting: Frame | undefined };
}

/** Where the browser lacks Web Locks (on plain http, too), each tab connects for itself. */
export const shareTabs = (({ key, transport = nativeTransport }: ShareSettings = {}): Transport => {
  // By the life of the stream: one setting may serve several streams, one after the other under React's StrictMode.
  const parts = new WeakMap<AbortSignal, Transport>();
  return (attempt, line) => {
    const { environment, life, subscription, url } = attempt;
    const { BroadcastChannel, navigator } = environment;
    if (!navigator?.locks || !BroadcastChannel) return transport(attempt, line);
    const name = `growset:${JSON.stringify([key ?? url, subscription])}`;
    const part =
      parts.get(life) ?? takePart(transport, life, name, navigator.locks, new BroadcastChannel(name));
    parts.set(life, part);
    return part(attempt, line);
  };
}) as ShareTabs;

/** One tab's part, for the life of its stream. */
const takePart = (
  transport: Transport,
  life: AbortSignal,
  name: string,
  locks: Locks,
  channel: Channel,
): Transport => {
  let leading = false;
  /** Asked, and not answered. */
  let waiting = false;
  let greeting: Frame | undefined;
  let attempt: Attempt | undefined;
  let line: Line;
  /** Frames that came while this tab was between two attempts. */
  const missed: Frame[] = [];

  const post = (note: Note) => life.aborted || channel.postMessage(note);

  const lead = async (mine: Attempt, own: Line) => {
    const end: Line["end"] = (reason, least) => {
      greeting = undefined;
      post({ end: reason });
      own.end(reason, least);
    };
    try {
      await transport(mine, {
        ...own,
        end,
        frame(frame) {
          if (frame.event === "growset.connected") greeting = frame;
          post({ frame });
          own.frame(frame);
        },
      });
    } catch (error) {
      end(`${error}`);
    }
  };

  const active = () => attempt && !attempt.signal.aborted;

  const campaign = (settings: Parameters<Locks["request"]>[1]): Promise<void> =>
    locks
      .request(name, settings, () => {
        leading = true;
        if (attempt && active()) lead(attempt, line);
        return new Promise((resolve) => life.addEventListener("abort", resolve));
      })
      .then(undefined, () => {
        if (!leading || life.aborted) return;
        // Another tab took the lock, because this one slept through its question.
        leading = false;
        line.end("another tab leads");
        campaign({ signal: life });
      });

  const join = (began: Frame) => {
    if (attempt?.lastEventId()) return line.heard();
    line.frame({ event: began.event, data: began.data });
    // What the server sent to the leader alone, such as retained events, has not reached this tab.
    line.frame({ event: "growset.gap", data: '{"reason":"joined"}' });
  };

  channel.onmessage = ({ data: { frame, end, ask, answer } }: MessageEvent<Note>) => {
    if (leading) {
      if (ask) post({ answer: { greeting } });
      return;
    }
    if (answer && waiting) {
      waiting = false;
      if (answer.greeting && active()) join(answer.greeting);
    }
    if (frame) {
      waiting = false;
      if (active()) line.frame(frame);
      else missed.push(frame);
    }
    if (end !== undefined && active()) line.end(end);
  };
  life.addEventListener("abort", () => channel.close());
  campaign({ signal: life });

  return async (next, itsLine) => {
    [attempt, line] = [next, itsLine];
    missed.splice(0).forEach(line.frame);
    if (leading) return lead(next, line);
    // The last question had no answer for a whole attempt: who holds the lock is suspended, as on a phone.
    if (waiting) campaign({ steal: true });
    waiting = true;
    post({ ask: true });
  };
};
