/** A real `growset serve` that lets pages of one origin in. */
import { type ChildProcess, spawn } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { portToKeep } from "../support/port.js";

const repository = new URL("../../../../../", import.meta.url).pathname;

export class Growset {
  readonly #folder = mkdtempSync(join(tmpdir(), "growset-"));
  readonly #secret = randomBytes(32).toString("hex");
  #process: ChildProcess | undefined;
  port = 0;

  constructor(readonly allowed: string) {
    writeFileSync(join(this.#folder, "secret"), this.#secret);
  }

  /** Again on the same port and the same data, after the first time. */
  async start(): Promise<void> {
    const growset = process.env.GROWSET;
    if (!growset) throw new Error("GROWSET names no growset; run `cargo xtask test`");
    this.port ||= await portToKeep();
    const options = ["--keys", join(this.#folder, "secret"), "--data", join(this.#folder, "data")];
    options.push("--allow-origin", this.allowed, "--drain", "1", "--address", `127.0.0.1:${this.port}`);
    this.#process = spawn(growset, ["serve", ...options], {
      cwd: repository,
      stdio: ["ignore", "pipe", "inherit"],
    });
    for await (const line of createInterface({ input: this.#process.stdout as NodeJS.ReadableStream })) {
      if (line.includes(` on http://127.0.0.1:${this.port}`)) return;
    }
    throw new Error("growset serve did not start");
  }

  /** As an operator stops it. */
  stop(): Promise<number | null> {
    const running = this.#process;
    if (!running || running.exitCode !== null) return Promise.resolve(null);
    return new Promise((resolve) => {
      running.on("exit", resolve);
      running.kill("SIGTERM");
    });
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true });
  }

  /** Of a user of `acme` who may listen and publish. */
  token(): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const claims = {
      org: "acme",
      sub: "ada",
      listen: ["*"],
      publish: ["*"],
      exp: Math.floor(Date.now() / 1000) + 600,
    };
    const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
    return `${signed}.${createHmac("sha256", this.#secret).update(signed).digest("base64url")}`;
  }

  async publish(orderId: string): Promise<string> {
    const data = { orderId, from: "paid", to: "in_transit" };
    const answer = await fetch(`http://127.0.0.1:${this.port}/publish`, {
      method: "POST",
      headers: { authorization: `Bearer ${this.token()}` },
      body: JSON.stringify({ event: "order.status.changed", org: "acme", data }),
    });
    const told = (await answer.json()) as { id: string };
    if (answer.status !== 201) throw new Error(JSON.stringify(told));
    return told.id;
  }
}
