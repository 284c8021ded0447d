import { describe, expect, test } from "vitest";
import { parser } from "../../src/parser.js";
import { type Case, cases } from "./wpt-cases.js";

/** What a page would see of the chunks: the id of the specification is sticky, a frame's own is not. */
const read = (chunks: readonly Uint8Array[]): Pick<Case, "events" | "retry"> => {
  const events: [string, string, string][] = [];
  const retry: number[] = [];
  let lastEventId = "";
  const parse = parser({
    frame: ({ event, data, id }) => {
      lastEventId = id ?? lastEventId;
      events.push([event, data, lastEventId]);
    },
    retry: (milliseconds) => retry.push(milliseconds),
  });
  for (const chunk of chunks) parse(chunk);
  return { events, retry };
};

const encode = (stream: string | Uint8Array) =>
  typeof stream === "string" ? new TextEncoder().encode(stream) : stream;

const cut = (bytes: Uint8Array, size: number) =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) => bytes.subarray(n * size, (n + 1) * size));

describe("the format cases of the Web Platform Tests", () => {
  for (const { source, note, stream, events, retry = [] } of cases) {
    const title = note ? `${source}: ${note}` : source;
    const bytes = encode(stream);
    test(`${title}, in one piece`, () => {
      expect(read([bytes])).toEqual({ events, retry });
    });
    test(`${title}, cut in two at every byte`, () => {
      for (let at = 0; at <= bytes.length; at++)
        expect(read([bytes.subarray(0, at), bytes.subarray(at)]), `cut at ${at}`).toEqual({ events, retry });
    });
    test(`${title}, in chunks of every size`, () => {
      for (let size = 1; size <= Math.min(bytes.length, 64); size++)
        expect(read(cut(bytes, size)), `chunks of ${size}`).toEqual({ events, retry });
    });
    test(`${title}, with empty chunks between`, () => {
      expect(read(cut(bytes, 1).flatMap((chunk) => [chunk, new Uint8Array()]))).toEqual({ events, retry });
    });
  }
});

describe("line ends", () => {
  const lines = ["id: 1", "event: a", "data: x", "data: y", "", ": comment", "data: z", "", ""];
  for (const [name, end] of Object.entries({ LF: "\n", CR: "\r", CRLF: "\r\n" }))
    test(`${name} under every chunking of three parts`, () => {
      const bytes = encode(lines.join(end));
      const events = [
        ["a", "x\ny", "1"],
        ["message", "z", "1"],
      ];
      for (let first = 0; first <= bytes.length; first++)
        for (let second = first; second <= bytes.length; second++) {
          const chunks = [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)];
          expect(read(chunks).events).toEqual(events);
        }
    });

  test("a carriage return ends a line at once, not when the next byte comes", () => {
    expect(read([encode("data: x\r\r")]).events).toEqual([["message", "x", ""]]);
  });
});

test("every retry but of digits is ignored", () => {
  const bogus = ["1.5", "-1", "+1", "1e3", " 1", "٣", "0x10", ""]
    .map((value) => `retry: ${value}\n`)
    .join("");
  expect(read([encode(bogus)]).retry).toEqual([]);
});

test("bytes that are no UTF-8 become replacement characters and harm nothing else", () => {
  const bytes = Uint8Array.from([...encode("data: a"), 0xff, 0xc3, ...encode("\n\ndata: b\n\n")]);
  for (let size = 1; size <= bytes.length; size++)
    expect(read(cut(bytes, size)).events).toEqual([
      ["message", "a\ufffd\ufffd", ""],
      ["message", "b", ""],
    ]);
});

test("an id without data is the id of the next event", () => {
  expect(read([encode("id: 7\n\ndata: x\n\n")]).events).toEqual([["message", "x", "7"]]);
});

test("a megabyte on one line in small chunks arrives whole", () => {
  const text = "…".repeat(350_000);
  expect(read(cut(encode(`data: ${text}\n\n`), 1000)).events).toEqual([["message", text, ""]]);
});
