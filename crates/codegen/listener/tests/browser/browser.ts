/** Chromium with pages that listen by the compiled client, and show what they hear. */
import { readFileSync } from "node:fs";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type LaunchOptions,
  type Page as Tab,
} from "playwright-core";
import { PATIENCE } from "../support/patience.js";
import { type Page, Server } from "../support/server.js";

const executablePath: string = process.env.CHROMIUM ?? "/usr/bin/chromium";
const args: string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * `?fetch` streams by fetch, `?share` shares one connection, `?poll` falls back to polling,
 * `?ping=300` is the silence to bear at first (a page that nobody asks for patience has more than any test),
 * and `?at=http://…` another origin. */
export const listening = (client: string): string => `<!doctype html>
<title></title>
<p id="state"></p>
<ol id="events"></ol>
<script type="module">
  import * as client from "${client}";
  const { fetchTransport, pollFallback, shareTabs } = client;
  // What is compiled here is not bound to a package yet.
  const connect = client.connect ?? client.bind();
  const query = new URLSearchParams(location.search);
  // Without luck a page tries again at once.
  Math.random = () => 0;
  const show = (text) => document.querySelector("#events").append(Object.assign(document.createElement("li"), { textContent: text }));
  const stream = connect((query.get("at") ?? "") + "/events", {
    events: ["order.created"],
    pingMs: Number(query.get("ping") ?? 600000),
    ...(query.has("fetch") && { transport: fetchTransport({ headers: () => ({ authorization: "Bearer x" }) }) }),
    ...(query.has("share") && { transport: shareTabs() }),
    ...(query.has("poll") && { fallback: pollFallback({ url: "/poll" }) }),
  });
  stream.state.subscribe((state, reason) => {
    document.querySelector("#state").textContent = reason ? state + " (" + reason + ")" : state;
  });
  stream.on("order.created", ({ data }) => {
    if (data.orderId === "bad") throw new Error("a handler's own mistake");
  });
  stream.on("order.created", ({ data }) => show(data.orderId));
  if (query.has("pings")) stream.on("growset.ping", () => { document.title = Number(document.title || 0) + 1; });
  stream.onGap(({ reason }) => show("gap " + reason));
  Object.assign(globalThis, { client, stream });
</script>`;

const pages = (path: string): Page | undefined => {
  if (path === "/" || path.startsWith("/?")) return { type: "text/html", body: listening("/dist/client.js") };
  if (path === "/favicon.ico") return { type: "image/x-icon", body: "" };
  const file = /^\/dist\/(\w+\.js)$/.exec(path)?.[1];
  if (!file) return undefined;
  return {
    type: "text/javascript",
    body: readFileSync(new URL(`../../dist/${file}`, import.meta.url), "utf8"),
  };
};

export interface Stage {
  readonly server: Server;
  readonly context: BrowserContext;
  open(query?: string): Promise<Tab>;
  close(): Promise<void>;
}

/** A browser of its own. */
export const launch = (options: LaunchOptions = {}): Promise<Browser> =>
  chromium.launch({ executablePath, args, headless: true, timeout: PATIENCE, ...options });

let launched: Promise<Browser> | undefined;

/** One browser serves all tests of a file. */
export const chromiumOnce = (): Promise<Browser> => {
  launched ??= launch();
  return launched;
};

/** A fresh profile, whose pages wait for as long as it takes. */
export const profile = async (browser: Browser, options?: BrowserContextOptions): Promise<BrowserContext> => {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(PATIENCE);
  return context;
};

/** A server and a fresh profile. */
export const stage = async (): Promise<Stage> => {
  const context = await profile(await chromiumOnce());
  const server = await Server.start(pages);
  return {
    server,
    context,
    async open(query = "") {
      const tab = await context.newPage();
      await tab.goto(`${server.origin}/${query}`);
      return tab;
    },
    async close() {
      await context.close();
      await server.stop();
    },
  };
};

export const quit = async (): Promise<void> => (await launched)?.close();

/** A tab at this address whose time stands until it is told to pass. What others do takes no time that the page knows of. */
export const standing = async (
  context: BrowserContext,
  address: string,
): Promise<{ tab: Tab; pass: (milliseconds: number) => Promise<void> }> => {
  const tab = await context.newPage();
  await tab.clock.install({ time: 0 });
  await tab.clock.pauseAt(1_000);
  await tab.goto(address);
  return { tab, pass: (milliseconds) => tab.clock.runFor(milliseconds) };
};

/** Waits until the page shows this state. */
export const state = (tab: Tab, text: string): Promise<unknown> =>
  tab.waitForFunction((wanted) => document.querySelector("#state")?.textContent === wanted, text);

/** Waits until the page shows these events, and no others. */
export const events = (tab: Tab, ...texts: string[]): Promise<unknown> =>
  tab.waitForFunction(
    (wanted) =>
      [...document.querySelectorAll("#events li")].map((item) => item.textContent).join() === wanted,
    texts.join(),
  );
