/** The browser's own `EventSource`: no preflight, cookies sent by themselves, no headers of the page's making. */
import { CONTROL_NAMES } from "./frame.js";
import { address, type NamesOnly, refused } from "./transport.js";

export const nativeTransport: NamesOnly = (attempt, line) => {
  const { environment, signal, subscription, withCredentials } = attempt;
  // A source that is made anew cannot send the header, so the id travels in the query.
  const url = address(attempt.url, { ...subscription, lastEventId: attempt.lastEventId() });
  const { EventSource } = environment;
  if (!EventSource) return line.end("no EventSource");
  const source = new EventSource(url, { withCredentials });
  let previous = "";
  for (const name of [...CONTROL_NAMES, ...(subscription.events ?? [])]) {
    source.addEventListener(name, ({ data, lastEventId }) => {
      // `lastEventId` is sticky: a frame without an id repeats the one before, and is no duplicate of it.
      const text = name + data;
      const [id, key] = [lastEventId, `${lastEventId}\n`];
      line.frame({ event: name, data, id: previous.startsWith(key) && previous !== key + text ? "" : id });
      previous = key + text;
    });
  }
  source.onerror = async () => {
    // The browser would try again after a fixed delay, all pages at once; the connection does it with jitter.
    // An answer that is not a stream closes the source for good and hides the status: ask once more for that.
    // Whatever this ends with, the source is closed by the signal.
    if (source.readyState < 2) return line.end("lost");
    try {
      const credentials = withCredentials ? "include" : "same-origin";
      const headers = { accept: "text/event-stream" };
      refused(attempt, line, await environment.fetch(url, { credentials, headers, signal }));
    } catch {
      line.end("lost");
    }
  };
  signal.addEventListener("abort", () => source.close());
};
