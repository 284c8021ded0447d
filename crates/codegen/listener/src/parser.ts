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

/** Returns the function that takes the bytes. An unfinished frame at the end of the stream is dropped, as it should be. */
export const parser = (sink: Sink): ((bytes: Uint8Array) => void) => {
  // Removes one byte order mark, and puts U+FFFD for what is not UTF-8, across chunks.
  const decoder = new TextDecoder();
  let rest = "";
  let afterReturn = false;
  let data: string | undefined;
  let event = "";
  let id: string | undefined;

  const field = (line: string) => {
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    if (name === "data") data = data === undefined ? value : `${data}\n${value}`;
    else if (name === "event") event = value;
    else if (name === "id" && !value.includes("\0")) id = value;
    else if (name === "retry" && /^\d+$/.test(value)) sink.retry(+value);
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
    if (text.includes("\r")) text = text.replace(/\r\n?/g, "\n");
    // Joined only when a line ends in it, so that one long line in many chunks is not copied for each of them.
    let end = text.indexOf("\n");
    if (end >= 0 && rest) {
      end += rest.length;
      text = rest + text;
      rest = "";
    }
    let start = 0;
    for (; end >= 0; end = text.indexOf("\n", start)) {
      if (end === start) dispatch();
      else field(text.slice(start, end));
      start = end + 1;
    }
    rest += text.slice(start);
  };
};
