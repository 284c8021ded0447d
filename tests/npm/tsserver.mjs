// TypeScript's own editor service, as editors drive it: one JSON message a line in, framed messages out.

import { spawn } from "node:child_process";
import path from "node:path";

import { here } from "./packages.mjs";

export class EditorService {
  #process = spawn(process.execPath, [
    path.join(here, "node_modules/typescript6/lib/tsserver.js"), "--disableAutomaticTypingAcquisition",
  ], { stdio: ["pipe", "pipe", "inherit"] });
  #sequence = 0;
  #waiting = new Map();
  #buffer = Buffer.alloc(0);

  constructor() {
    this.#process.stdout.on("data", (chunk) => {
      this.#buffer = Buffer.concat([this.#buffer, chunk]);
      while (this.#readMessage());
    });
  }

  open(file) {
    this.#send("open", { file });
  }

  /** The body of the answer to a request. */
  async request(command, body) {
    const sequence = this.#send(command, body);
    const { success, message, body: answer } = await new Promise((resolve) => this.#waiting.set(sequence, resolve));
    if (!success) {
      throw new Error(`${command}: ${message}`);
    }
    return answer;
  }

  async close() {
    const closed = new Promise((resolve) => this.#process.once("close", resolve));
    this.#send("exit", {});
    await closed;
  }

  #send(command, body) {
    const sequence = ++this.#sequence;
    this.#process.stdin.write(`${JSON.stringify({ seq: sequence, type: "request", command, arguments: body })}\n`);
    return sequence;
  }

  #readMessage() {
    const head = this.#buffer.indexOf("\r\n\r\n");
    if (head < 0) {
      return false;
    }
    const length = Number(/Content-Length: (\d+)/.exec(this.#buffer.toString("utf8", 0, head))[1]);
    const end = head + 4 + length;
    if (this.#buffer.length < end) {
      return false;
    }
    const message = JSON.parse(this.#buffer.toString("utf8", head + 4, end));
    this.#buffer = this.#buffer.subarray(end);
    this.#waiting.get(message.request_seq)?.(message);
    return true;
  }
}
