// better-sse, as its guide shows it.
import { createServer } from "node:http";
import { createChannel, createSession } from "better-sse";

const channel = createChannel();
let seq = 0;

createServer(async (request, response) => {
  if (request.method === "GET") {
    channel.register(await createSession(request, response));
    return;
  }
  let body = "";
  request.on("data", (text) => (body += text));
  request.on("end", () => {
    for (const payload of body.split("\n")) {
      seq += 1;
      channel.broadcast(JSON.parse(payload), "completion.delta", { eventId: `1-${seq}` });
    }
    response.writeHead(204).end();
  });
}).listen(Number(process.argv[2]), "127.0.0.1");
