// Bytes of each entry beside other clients, and the parser's speed beside eventsource-parser, in one run.
import { createParser } from "eventsource-parser";
import { bundle, page } from "../scripts/size.js";
import { validators } from "./validators.js";

async function sizes() {
  console.log("Bytes, bundled and minified by esbuild, gzipped\n");
  const rows = [
    ["growset connect (EventSource)", page("connect"), "-"],
    ["growset connect + fetch", page("connect, fetchTransport"), "-"],
    ["growset connect + fetch + poll + share", page("connect, fetchTransport, pollFallback, shareTabs"), "-"],
    ["growset connect + react", page("useEvent, useEvents, useConnectionState", "react"), "-"],
    ["growset query", page("invalidateOn, streamedEvents", "query"), "-"],
    [
      "@microsoft/fetch-event-source",
      'export { fetchEventSource } from "@microsoft/fetch-event-source";',
      "dedupe, gap, watchdog, jitter, tabs, polling; an aborted signal, reconnecting after a clean close",
    ],
    [
      "eventsource",
      'export { EventSource } from "eventsource";',
      "dedupe, gap, watchdog, jitter, retrying after a non-200, tabs, polling",
    ],
    [
      "reconnecting-eventsource",
      'export { default } from "reconnecting-eventsource";',
      "dedupe, gap, watchdog, backoff that grows, stopping on 401, headers, tabs, polling",
    ],
  ];
  for (const [name, source, lacks] of rows) {
    const { size } = await bundle(source);
    console.log(`${name.padEnd(36)}${String(size).padStart(6)}   lacks: ${lacks}`);
  }
}

/** Frames as the server sends them, of about 200 bytes. */
function stream(frames, end = "\n") {
  let text = "";
  for (let n = 0; n < frames; n++) {
    const data = JSON.stringify({
      orderId: `ord_${n}`,
      from: "paid",
      to: "in_transit",
      note: "left the house in good order, to be delivered with the usual care",
      at: "2026-11-21T08:00:00Z",
    });
    text += `id: 1-${n}${end}event: order.status.changed${end}data: ${data}${end}${end}`;
  }
  return new TextEncoder().encode(text);
}

function chunks(bytes, size) {
  const parts = [];
  for (let at = 0; at < bytes.length; at += size) parts.push(bytes.subarray(at, at + size));
  return parts;
}

const parsers = {
  growset: async () => {
    const { parser } = await import("../dist/parser.js");
    return (parts) => {
      let count = 0;
      const parse = parser({ frame: () => count++, retry() {} });
      for (const part of parts) parse(part);
      return count;
    };
  },
  "eventsource-parser": async () => (parts) => {
    let count = 0;
    const decoder = new TextDecoder();
    const parser = createParser({ onEvent: () => count++ });
    for (const part of parts) parser.feed(decoder.decode(part, { stream: true }));
    return count;
  },
};

/** CPU time of this process in milliseconds, which a busy machine does not stretch. */
const spent = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
};

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

/** Rounds of both in turn, so that neither has the machine's better minute; medians count. */
async function throughput(title, bytes, size, frames) {
  const parts = chunks(bytes, size);
  const times = { growset: [], "eventsource-parser": [] };
  const runs = await Promise.all(Object.entries(parsers).map(async ([name, make]) => [name, await make()]));
  for (let round = 0; round < 40; round++) {
    // Who is first changes, because the first pays for the other's garbage.
    for (const [name, run] of round % 2 ? runs : runs.toReversed()) {
      const from = spent();
      if (run(parts) !== frames) throw new Error(`${name} lost frames of ${title}`);
      times[name].push(spent() - from);
    }
  }
  const ratio = median(times.growset.map((time, round) => times["eventsource-parser"][round] / time));
  const rate = (name) => `${(bytes.length / 1e3 / median(times[name])).toFixed(0)} MB/s`;
  console.log(
    `${title.padEnd(36)}${rate("growset").padStart(10)}${rate("eventsource-parser").padStart(20)}${ratio.toFixed(2).padStart(8)}`,
  );
}

async function speed() {
  console.log("\nParser, bytes to frames, decoding included; above 1 growset is the faster\n");
  console.log(
    `${"".padEnd(36)}${"growset".padStart(10)}${"eventsource-parser".padStart(20)}${"ratio".padStart(8)}`,
  );
  const frames = 50_000;
  const lf = stream(frames);
  await throughput("chunks of 64 KiB", lf, 65_536, frames);
  await throughput("chunks of 1400 bytes", lf, 1400, frames);
  await throughput("a frame a chunk", lf, Math.round(lf.length / frames), frames);
  await throughput("chunks of 16 bytes", lf, 16, frames);
  await throughput("CRLF, chunks of 64 KiB", stream(frames, "\r\n"), 65_536, frames);
  const long = new TextEncoder().encode(`data: ${"x".repeat(4_000_000)}\n\n`);
  await throughput("one line of 4 MB, chunks of 16 KiB", long, 16_384, 1);
}

await sizes();
await speed();
await validators();
