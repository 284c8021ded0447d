/**
 * The format cases of the Web Platform Tests, written out as data: the bytes that the server of each test sends, and the
 * events that its page asserts. Source: web-platform-tests/wpt, folder `eventsource`, the file named with each case.
 * `message.py` there adds one newline to the message, and two more unless `newline=none`.
 */

export interface Case {
  readonly source: string;
  readonly note?: string;
  readonly stream: string | Uint8Array;
  /** Type, data and last event id of each event, in order. */
  readonly events: readonly (readonly [type: string, data: string, lastEventId: string])[];
  readonly retry?: readonly number[];
}

const BOM = [0xef, 0xbb, 0xbf];
const END = "\n\n\n";
const long = "x".repeat(2 * 1024);
const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Uint8Array.from(
    parts.flatMap((part) => (typeof part === "string" ? [...new TextEncoder().encode(part)] : part)),
  );
const message = (data: string, id = ""): Case["events"][number] => ["message", data, id];

export const cases: readonly Case[] = [
  {
    source: "event-data.any.js",
    stream: "data:msg\ndata:msg\n\n:\nfalsefield:msg\n\nfalsefield:msg\nData:data\n\ndata\n\ndata:end\n\n",
    events: [message("msg\nmsg"), message(""), message("end")],
  },
  {
    source: "format-bom.any.js",
    note: "one byte order mark at the start is removed, a later one belongs to the field's name",
    stream: bytes(BOM, "data:1\n\n", BOM, `data:2\n\ndata:3${END}`),
    events: [message("1"), message("3")],
  },
  {
    source: "format-bom-2.any.js",
    note: "of two byte order marks only one is removed",
    stream: bytes(BOM, BOM, `data:1\n\ndata:2\n\ndata:3${END}`),
    events: [message("2"), message("3")],
  },
  {
    source: "format-comments.any.js",
    stream: `data:1\r:\0\n:\r\ndata:2\n:${long}\rdata:3\n:data:fail\r:${long}\ndata:4\n\n`,
    events: [message("1\n2\n3\n4")],
  },
  {
    source: "format-data-before-final-empty-line.any.js",
    note: "what no blank line ends is dropped, its id too",
    stream: "retry:1000\ndata:test1\n\nid:test\ndata:test2\n",
    events: [message("test1")],
    retry: [1000],
  },
  {
    source: "format-field-data.any.js",
    stream: `data:\n\ndata\ndata\n\ndata:test${END}`,
    events: [message(""), message("\n"), message("test")],
  },
  {
    source: "format-field-event.any.js",
    stream: `event:test\ndata:x\n\ndata:x${END}`,
    events: [["test", "x", ""], message("x")],
  },
  {
    source: "format-field-event-empty.any.js",
    stream: `event: \ndata:data${END}`,
    events: [message("data")],
  },
  {
    source: "format-field-id.any.js",
    stream: "id: …\ndata: hello\n\n",
    events: [message("hello", "…")],
  },
  {
    source: "format-field-id-2.any.js",
    stream: "id: …\ndata: hello\n\ndata: again\n\n",
    events: [message("hello", "…"), message("again", "…")],
  },
  {
    source: "format-field-id-3.window.js",
    note: "the id persists",
    stream: "id: 1\ndata: 1\n\ndata: 2\n\nid: 2\ndata:3\n\ndata: 4\n\n",
    events: [message("1", "1"), message("2", "1"), message("3", "2"), message("4", "2")],
  },
  {
    source: "format-field-id-3.window.js",
    note: "an empty id resets",
    stream: "id: 1\ndata: 1\n\nid:\ndata:2\n\ndata:3\n\n",
    events: [message("1", "1"), message("2"), message("3")],
  },
  {
    source: "format-field-id-3.window.js",
    note: "an id without colon resets",
    stream: "id: 1\ndata: 1\n\nid\ndata:2\n\ndata:3\n\n",
    events: [message("1", "1"), message("2"), message("3")],
  },
  ...["\0\0", "x\0", "\0x", "x\0x", " \0"].map((id) => ({
    source: "format-field-id-null.window.js",
    note: `the id ${JSON.stringify(id)} is ignored`,
    stream: `id: ${id}\ndata: hello\n\n`,
    events: [message("hello")],
  })),
  {
    source: "format-field-parsing.any.js",
    stream:
      "data:\0\ndata:  2\rData:1\ndata\0:2\ndata:1\r\0data:4\nda-ta:3\rdata_5\ndata:3\rdata:\r\n data:32\ndata:4\n\n",
    events: [message("\0\n 2\n1\n3\n\n4")],
  },
  {
    source: "format-field-retry.any.js",
    note: "03000 is decimal",
    stream: `retry:03000\ndata:x${END}`,
    events: [message("x")],
    retry: [3000],
  },
  {
    source: "format-field-retry-bogus.any.js",
    stream: `retry:3000\nretry:1000x\ndata:x${END}`,
    events: [message("x")],
    retry: [3000],
  },
  {
    source: "format-field-retry-empty.any.js",
    stream: `retry\ndata:test${END}`,
    events: [message("test")],
  },
  {
    source: "format-field-unknown.any.js",
    stream: `data:test\n data\ndata\nfoobar:xxx\njustsometext\n:thisisacommentyay\ndata:test${END}`,
    events: [message("test\n\ntest")],
  },
  {
    source: "format-leading-space.any.js",
    stream: `data:\ttest\rdata: \ndata:test${END}`,
    events: [message("\ttest\n\ntest")],
  },
  {
    source: "format-newlines.any.js",
    stream: "data:test\r\ndata\ndata:test\r\n\r\n",
    events: [message("test\n\ntest")],
  },
  {
    source: "format-null-character.any.js",
    stream: `data:\0\n\n${END}`,
    events: [message("\0")],
  },
  {
    source: "format-utf-8.any.js",
    stream: `data:ok…${END}`,
    events: [message("ok…")],
  },
  {
    source: "eventsource-eventtarget.any.js",
    stream: `event: test\ndata: data${END}`,
    events: [["test", "data", ""]],
  },
];
