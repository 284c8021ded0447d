// A language server driven over its standard streams: requests, notifications, and diagnostics as they come.

import { spawn } from "node:child_process";
import { pathToFileURL } from "node:url";

export class LanguageServer {
  #process;
  #buffer = Buffer.alloc(0);
  #nextId = 1;
  #answers = new Map();
  #diagnostics = new Map();

  constructor(command, args) {
    this.#process = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
    this.#process.stdout.on("data", (chunk) => this.#read(chunk));
  }

  async start(folder, settings) {
    this.settings = settings;
    const rootUri = pathToFileURL(folder).href;
    await this.request("initialize", {
      processId: process.pid,
      rootUri,
      workspaceFolders: [{ uri: rootUri, name: "contracts" }],
      capabilities: {
        workspace: { configuration: true },
        textDocument: {
          completion: { completionItem: { snippetSupport: true, documentationFormat: ["markdown", "plaintext"] } },
          hover: { contentFormat: ["markdown", "plaintext"] },
          publishDiagnostics: {},
        },
      },
    });
    this.notify("initialized", {});
    this.notify("workspace/didChangeConfiguration", { settings });
  }

  // Opens a text under a path that need not exist; answers its URI and its first diagnostics.
  async open(path, text) {
    const uri = pathToFileURL(path).href;
    const published = new Promise((resolve) => this.#diagnostics.set(uri, resolve));
    this.notify("textDocument/didOpen", { textDocument: { uri, languageId: "yaml", version: 1, text } });
    return { uri, diagnostics: await published };
  }

  request(method, params) {
    const id = this.#nextId++;
    const answer = new Promise((resolve, reject) => this.#answers.set(id, { resolve, reject }));
    this.#write({ id, method, params });
    return answer;
  }

  notify(method, params) {
    this.#write({ method, params });
  }

  async stop() {
    await this.request("shutdown", null);
    const gone = new Promise((resolve) => this.#process.once("exit", resolve));
    this.notify("exit", null);
    await gone;
  }

  #write(message) {
    const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
    this.#process.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    this.#process.stdin.write(body);
  }

  #read(chunk) {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    for (;;) {
      const end = this.#buffer.indexOf("\r\n\r\n");
      const length = end < 0 ? null : /Content-Length: (\d+)/i.exec(this.#buffer.subarray(0, end).toString());
      if (!length || this.#buffer.length < end + 4 + Number(length[1])) return;
      const body = this.#buffer.subarray(end + 4, end + 4 + Number(length[1]));
      this.#buffer = this.#buffer.subarray(end + 4 + Number(length[1]));
      this.#take(JSON.parse(body.toString()));
    }
  }

  #take(message) {
    if (message.method === "textDocument/publishDiagnostics") {
      this.#diagnostics.get(message.params.uri)?.(message.params.diagnostics);
    } else if (message.method === "workspace/configuration") {
      const result = message.params.items.map((item) => this.settings[item.section] ?? null);
      this.#write({ id: message.id, result });
    } else if (message.method !== undefined && message.id !== undefined) {
      this.#write({ id: message.id, result: null });
    } else if (this.#answers.has(message.id)) {
      const { resolve, reject } = this.#answers.get(message.id);
      this.#answers.delete(message.id);
      if (message.error) reject(new Error(message.error.message));
      else resolve(message.result);
    }
  }
}
