/** What lies between a page and the real server: it serves the page, and fails as networks do. */
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Page } from "./server.js";

/** `holds`: a proxy that keeps an answer until it is whole, which a stream never is. */
type Manner = "open" | "cut" | "holds";

export class Network {
  manner: Manner = "open";
  /** Resumes are told to begin here instead, so that events come again. */
  rewound = "";
  /** Streams asked for so far. */
  asked = 0;
  private readonly sockets = new Set<Socket>();
  private readonly streams = new Set<ServerResponse>();
  private readonly http: Server = createServer((incoming, answer) => this.answer(incoming, answer));

  private constructor(
    private readonly target: () => number,
    private readonly pages: (path: string) => Page | undefined,
  ) {
    this.http.on("connection", (socket) => {
      this.sockets.add(socket);
      socket.once("close", () => this.sockets.delete(socket));
    });
  }

  static async start(target: () => number, pages: (path: string) => Page | undefined): Promise<Network> {
    const network = new Network(target, pages);
    await new Promise<void>((resolve) => network.http.listen(0, "127.0.0.1", resolve));
    return network;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  /** Streams that stand. */
  get open(): number {
    return this.streams.size;
  }

  /** Breaks what stands; nothing gets through until it is mended. */
  cut(): void {
    this.manner = "cut";
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.manner = "open";
  }

  async stop(): Promise<void> {
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }

  private answer(incoming: IncomingMessage, answer: ServerResponse): void {
    const path = incoming.url ?? "";
    const page = this.pages(path);
    if (page) {
      answer.writeHead(200, { "content-type": page.type, "cache-control": "no-cache" }).end(page.body);
      return;
    }
    if (this.manner === "cut") {
      incoming.socket.destroy();
      return;
    }
    const isStream = path.startsWith("/events?");
    if (isStream) {
      this.asked++;
      this.streams.add(answer);
      answer.once("close", () => this.streams.delete(answer));
    }
    this.pass(incoming, answer, isStream && this.manner === "holds");
  }

  private pass(incoming: IncomingMessage, answer: ServerResponse, holds: boolean): void {
    const headers = { ...incoming.headers };
    let path = incoming.url ?? "";
    if (this.rewound) {
      if (headers["last-event-id"]) headers["last-event-id"] = this.rewound;
      path = path.replace(/lastEventId=[^&]*/, `lastEventId=${this.rewound}`);
    }
    const outgoing = request(
      { host: "127.0.0.1", port: this.target(), path, method: incoming.method, headers },
      (answered) => {
        answer.writeHead(answered.statusCode ?? 502, answered.headers);
        if (holds) answered.resume();
        else {
          answer.flushHeaders();
          answered.pipe(answer);
        }
        answered.once("error", () => answer.destroy());
      },
    );
    outgoing.once("error", () => answer.destroy());
    answer.once("close", () => outgoing.destroy());
    incoming.pipe(outgoing);
  }
}
