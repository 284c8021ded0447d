/**
 * The WHATWG event stream format, as bytes come in, cut anywhere. Knows nothing of JSON, of connections or of names.
 *
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
import type { Frame } from "./frame.js";

export interface Sink {
  frame(frame: Frame): void;
  retry(milliseconds: number): void;
}

const LINE_FEED = 10;
const SPACE = 32;
const COLON = 58;

/** Returns the function that takes the bytes. An unfinished frame at the end of the stream is dropped, as it should be. */
export const parser = (sink: Sink): ((bytes: Uint8Array) => void) => {
  // Removes one byte order mark, and puts U+FFFD for what is not UTF-8, across chunks.
  const decoder = new TextDecoder();
  let rest = "";
  let afterReturn = false;
  let data: string | undefined;
  let event = "";
  let id: string | undefined;

  const field = (text: string, start: number, end: number) => {
    let value = named("data", text, start, end);
    if (value !== undefined) {
      data = data === undefined ? value : `${data}\n${value}`;
      return;
    }
    value = named("event", text, start, end);
    if (value !== undefined) {
      event = value;
      return;
    }
    value = named("id", text, start, end);
    if (value !== undefined) {
      if (!value.includes("\0")) id = value;
      return;
    }
    value = named("retry", text, start, end) ?? "";
    if (/^\d+$/.test(value)) sink.retry(Number(value));
  };

  const dispatch = () => {
    if (data !== undefined) {
      sink.frame({ event: event || "message", data, id });
      // An id without data waits for the next frame: the format makes it the last id then, too.
      id = data = undefined;
    }
    event = "";
  };

  return (bytes) => {
    let text = decoder.decode(bytes, { stream: true });
    if (!text) return;
    if (afterReturn && text[0] === "\n") text = text.slice(1);
    afterReturn = text.endsWith("\r");
    let feed = text.indexOf("\n");
    let carriage = text.indexOf("\r");
    let end = first(feed, carriage);
    let start = 0;
    for (; end >= 0; end = first(feed, carriage)) {
      if (rest) {
        // The line alone: joined with what follows, the whole chunk would be copied.
        const line = rest + text.slice(start, end);
        rest = "";
        field(line, 0, line.length);
      } else if (end === start) dispatch();
      else field(text, start, end);
      start = end + (end === carriage && end + 1 === feed ? 2 : 1);
      // The blank line that ends most frames needs no search.
      if (text.charCodeAt(start) === LINE_FEED) {
        dispatch();
        start++;
      }
      if (feed >= 0 && feed < start) feed = text.indexOf("\n", start);
      if (carriage >= 0 && carriage < start) carriage = text.indexOf("\r", start);
    }
    rest += text.slice(start);
  };
};

/** The line's value if its field bears this name, which is compared where it stands and not cut out first. */
const named = (name: string, text: string, start: number, end: number) => {
  const colon = start + name.length;
  if ((text.charCodeAt(colon) !== COLON && colon !== end) || !text.startsWith(name, start)) return;
  return text.slice(colon + (text.charCodeAt(colon + 1) === SPACE ? 2 : 1), end);
};

/** The smaller of two places, of which either may be missing. */
const first = (a: number, b: number) => (a < 0 ? b : b < 0 ? a : Math.min(a, b));
