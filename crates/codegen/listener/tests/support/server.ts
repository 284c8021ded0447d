/** A server of event streams that does what a test says, one connection after the other. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export class Connection {
  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    readonly body: string,
  ) {}

  get query(): URLSearchParams {
    return new URL(this.request.url ?? "", "http://server").searchParams;
  }

  open(...frames: string[]): this {
    this.response.writeHead(200, { "content-type": "text/event-stream" });
    return this.write(...frames);
  }

  write(...frames: string[]): this {
    for (const frame of frames) this.response.write(frame);
    return this;
  }

  status(code: number): void {
    this.response.writeHead(code).end();
  }

  json(value: unknown): void {
    this.response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
  }

  /** Ends as a server does that is done. */
  end(): void {
    this.response.end();
  }

  /** Ends as a network does that fails. */
  kill(): void {
    this.request.socket.destroy();
  }

  get gone(): Promise<void> {
    return new Promise((resolve) => {
      if (this.response.destroyed) resolve();
      else this.response.once("close", resolve);
    });
  }
}

/** A file that is served by itself, without a word of the test. */
export interface Page {
  readonly type: string;
  readonly body: string;
}

export class Server {
  private readonly arrived: Connection[] = [];
  private readonly waiting: ((connection: Connection) => void)[] = [];
  private readonly http = createServer(async (request, response) => {
    const page = this.pages(request.url ?? "");
    if (page) {
      response.writeHead(200, { "content-type": page.type }).end(page.body);
      return;
    }
    let body = "";
    for await (const chunk of request) body += chunk;
    const connection = new Connection(request, response, body);
    const taker = this.waiting.shift();
    if (taker) taker(connection);
    else this.arrived.push(connection);
  });

  private constructor(private readonly pages: (path: string) => Page | undefined) {}

  static async start(pages: (path: string) => Page | undefined = () => undefined): Promise<Server> {
    const server = new Server(pages);
    await new Promise<void>((resolve) => server.http.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  /** The next connection, now or when it comes. */
  async next(): Promise<Connection> {
    return this.arrived.shift() ?? new Promise((resolve) => this.waiting.push(resolve));
  }

  get unanswered(): number {
    return this.arrived.length;
  }

  async stop(): Promise<void> {
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }
}

/** One frame as it goes over the wire. */
export const frame = (event: string, data: unknown, id?: string): string =>
  `${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
