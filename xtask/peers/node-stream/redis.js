// Several nodes over Redis, as most articles show it: each publishes there what it is sent, and writes what it hears from
// there to its own listeners.
import { createServer } from "node:http";
import { createClient } from "redis";

const publisher = await createClient({ url: process.argv[3] }).connect();
const subscriber = await publisher.duplicate().connect();
const listeners = new Map();
let seq = 0;

createServer((request, response) => {
  const org = new URL(request.url, "http://localhost").searchParams.get("org");
  if (request.method === "GET") {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
    response.flushHeaders();
    const own = listeners.get(org) ?? new Set();
    if (own.size === 0) {
      listeners.set(org, own);
      subscriber.subscribe(org, (payload) => {
        seq += 1;
        const frame = `id: 1-${seq}\nevent: completion.delta\ndata: ${payload}\n\n`;
        for (const listener of own) listener.write(frame);
      });
    }
    own.add(response);
    request.on("close", () => own.delete(response));
    return;
  }
  let body = "";
  request.on("data", (text) => (body += text));
  request.on("end", async () => {
    await Promise.all(body.split("\n").map((payload) => publisher.publish(org, payload)));
    response.writeHead(204).end();
  });
}).listen(Number(process.argv[2]), "127.0.0.1");
