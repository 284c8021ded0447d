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
export declare const parser: (sink: Sink) => ((bytes: Uint8Array) => void);
