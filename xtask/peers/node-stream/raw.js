// A loop over responses, as most articles show it.
import { createServer } from "node:http";

const listeners = new Set();
let seq = 0;

createServer((request, response) => {
  if (request.method === "GET") {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
    response.flushHeaders();
    listeners.add(response);
    request.on("close", () => listeners.delete(response));
    return;
  }
  let body = "";
  request.on("data", (text) => (body += text));
  request.on("end", () => {
    for (const payload of body.split("\n")) {
      seq += 1;
      const frame = `id: 1-${seq}\nevent: completion.delta\ndata: ${payload}\n\n`;
      for (const listener of listeners) listener.write(frame);
    }
    response.writeHead(204).end();
  });
}).listen(Number(process.argv[2]), "127.0.0.1");
