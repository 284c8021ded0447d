/** The real server, as an operator starts, stops and kills it. */
import { type ChildProcess, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { portToKeep } from "./port.js";

export const repository: string = fileURLToPath(new URL("../../../../../", import.meta.url));
/** `cargo xtask test` says which; by hand it is what was built last. */
const command = process.env.GROWSET ?? join(repository, "target/debug/xtask");

const SECRET = "a-secret-of-the-tests-long-enough-for-its-algorithm";

export interface Serving {
  readonly pingMs?: number;
  /** Events survive a restart. */
  readonly keeps?: boolean;
  /** Listeners need a token. */
  readonly asks?: boolean;
  /** Other options of `growset serve`. */
  readonly options?: readonly string[];
}

/** A token of the organisation `demo`, good for so many seconds. */
export const token = (seconds: number): string => {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const exp = Math.ceil(Date.now() / 1000) + seconds;
  const text = `${encode({ alg: "HS256", typ: "JWT" })}.${encode({ org: "demo", listen: ["*"], publish: ["*"], exp })}`;
  return `${text}.${createHmac("sha256", SECRET).update(text).digest("base64url")}`;
};

export class Growset {
  private process: ChildProcess | undefined;
  private readonly folder = mkdtempSync(join(tmpdir(), "growset-"));
  port = 0;

  private constructor(private readonly serving: Serving) {}

  static async start(serving: Serving = {}): Promise<Growset> {
    const server = new Growset(serving);
    writeFileSync(join(server.folder, "secret"), SECRET);
    server.port = await portToKeep();
    await server.restart();
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it, again at the same address. */
  async restart(): Promise<void> {
    if (!existsSync(command))
      throw new Error(`${command} is missing: \`cargo build -p xtask\`, or name one in GROWSET`);
    const { pingMs = 15_000, keeps, asks, options = [] } = this.serving;
    const access = asks ? ["--keys", join(this.folder, "secret")] : ["--dev"];
    const data = keeps ? ["--data", join(this.folder, "data")] : [];
    const settings = ["--ping-ms", `${pingMs}`, "--retry-ms", "100", "--drain", "1"];
    const child = spawn(
      command,
      ["serve", "--address", `127.0.0.1:${this.port}`, ...settings, ...access, ...data, ...options],
      {
        cwd: repository,
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    this.process = child;
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.includes(` on ${this.origin}`)) return;
    }
    throw new Error("the server ended before it said where it is");
  }

  /** Publishes an `order.created` of this id, and answers the event's id. */
  async publish(orderId: string): Promise<string> {
    const data = { orderId, title: "Logo redesign", total: 100, currency: "EUR" };
    const response = await fetch(`${this.origin}/publish`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token(60)}` },
      body: JSON.stringify({ event: "order.created", org: "demo", data }),
    });
    const answer = (await response.json()) as { id: string };
    if (response.status !== 201) throw new Error(JSON.stringify(answer));
    return answer.id;
  }

  /** How many streams it has. */
  async listeners(): Promise<number> {
    const metrics = await (await fetch(`${this.origin}/metrics`)).text();
    return Number(/^growset_listeners (\d+)$/m.exec(metrics)?.[1]);
  }

  /** `SIGTERM` lets it say goodbye, `SIGKILL` does not. */
  async end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const child = this.process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await gone;
  }

  async stop(): Promise<void> {
    await this.end("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
