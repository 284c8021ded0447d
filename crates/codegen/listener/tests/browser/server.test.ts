/** The generated package in a browser, against the real server, over a network that fails. What the page shows is asked. */
import { afterAll, afterEach, expect, test } from "vitest";
import type * as Package from "../../../../../generated/typescript/client.js";
import type { uuid } from "../../../../../generated/typescript/index.js";
import { publishTo } from "../../../../../generated/typescript/publish.js";
import { Growset, type Serving, token } from "../support/growset.js";
import { Network } from "../support/network.js";
import type { Page } from "../support/server.js";
import { chromiumOnce, events, listening, profile, quit, standing, state } from "./browser.js";

/** The package as the server itself hands it out. */
const pages = (path: string): Page | undefined =>
  path === "/" || path.startsWith("/?")
    ? { type: "text/html", body: listening("/package/client.js") }
    : undefined;

const ending: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});
afterAll(quit);

const stage = async (serving: Serving = {}) => {
  const server = await Growset.start(serving);
  ending.push(() => server.stop());
  const network = await Network.start(() => server.port, pages);
  ending.push(() => network.stop());
  const context = await profile(await chromiumOnce());
  ending.push(() => context.close());
  const open = async (query = "") => {
    const tab = await context.newPage();
    await tab.goto(`${network.origin}/${query}`);
    return tab;
  };
  return { server, network, context, open };
};

test.each(["", "?fetch"])(
  "what happens while a connection is broken is caught up with (%s)",
  async (query) => {
    const { server, network, open } = await stage();
    const tab = await open(query);
    await state(tab, "live");
    await server.publish("ord_a");
    await events(tab, "ord_a");
    network.cut();
    await tab.waitForFunction(() => document.querySelector("#state")?.textContent?.startsWith("retrying"));
    await server.publish("ord_b");
    await server.publish("ord_c");
    network.mend();
    await events(tab, "ord_a", "ord_b", "ord_c");
    await state(tab, "live");
  },
);

test.each(["SIGTERM", "SIGKILL"] as const)(
  "a server that ends by %s and comes back loses nothing",
  async (signal) => {
    const { server, open } = await stage({ keeps: true });
    const tab = await open();
    await state(tab, "live");
    await server.publish("ord_a");
    await events(tab, "ord_a");
    await server.end(signal);
    await tab.waitForFunction(() => document.querySelector("#state")?.textContent?.startsWith("retrying"));
    await server.restart();
    await server.publish("ord_b");
    await events(tab, "ord_a", "ord_b");
    await state(tab, "live");
  },
);

test("a server that lost its history says so, and the page hears of a gap", async () => {
  const { server, open } = await stage();
  const tab = await open();
  await state(tab, "live");
  await server.publish("ord_a");
  await events(tab, "ord_a");
  await server.end("SIGKILL");
  await server.restart();
  await tab.waitForFunction(() =>
    document.querySelector("#events li:nth-child(2)")?.textContent?.startsWith("gap "),
  );
  await state(tab, "live");
  await server.publish("ord_b");
  await tab.waitForFunction(() => document.querySelector("#events li:last-child")?.textContent === "ord_b");
});

test("a page that was frozen finds out, and misses nothing", async () => {
  const { server, network, context, open } = await stage();
  const tab = await open();
  await state(tab, "live");
  await server.publish("ord_a");
  await events(tab, "ord_a");
  const session = await context.newCDPSession(tab);
  await session.send("Page.setWebLifecycleState", { state: "frozen" });
  network.cut();
  await server.publish("ord_b");
  network.mend();
  await session.send("Page.setWebLifecycleState", { state: "active" });
  await events(tab, "ord_a", "ord_b");
  await state(tab, "live");
});

test("offline is shown, and online goes on where it was", async () => {
  const { server, context, open } = await stage();
  const tab = await open();
  await state(tab, "live");
  await server.publish("ord_a");
  await events(tab, "ord_a");
  await context.setOffline(true);
  await state(tab, "retrying (offline)");
  await server.publish("ord_b");
  await context.setOffline(false);
  await events(tab, "ord_a", "ord_b");
  await state(tab, "live");
});

test("a token that runs out is told by 401, and a fresh one is asked for on each attempt", async () => {
  const { server, context, network, open } = await stage({ asks: true });
  const use = (seconds: number) =>
    context.addCookies([{ name: "growset", value: token(seconds), url: network.origin }]);
  await use(60);
  const tab = await open();
  await state(tab, "live");
  // The session ends on the server, too: the next attempt comes with what is no token any more.
  await context.clearCookies();
  network.cut();
  network.mend();
  await state(tab, "denied (401)");
  await use(60);
  await tab.reload();
  await state(tab, "live");
  await server.publish("ord_a");
  await events(tab, "ord_a");
});

test("behind a proxy that holds answers back the page polls, and tells", async () => {
  const { server, network, open } = await stage();
  network.manner = "holds";
  const tab = await open("?poll&ping=100");
  await state(tab, "polling");
  await server.publish("ord_a");
  await events(tab, "ord_a");
  await server.publish("ord_b");
  await events(tab, "ord_a", "ord_b");
});

test("60 seconds of silence are a dead connection, and a new one misses nothing", async () => {
  const { server, network, context } = await stage();
  const tab = await context.newPage();
  await tab.clock.install();
  await tab.goto(network.origin);
  await state(tab, "live");
  const asked = network.asked;
  await tab.clock.fastForward(60_000);
  await expect.poll(() => network.asked).toBe(asked + 1);
  await state(tab, "live");
  await server.publish("ord_a");
  await events(tab, "ord_a");
});

test("pings keep a connection on which nothing happens", async () => {
  const { network, context } = await stage({ pingMs: 200 });
  // The page's time passes only once a ping has come: the machine may hold pings up for longer than a page bears.
  const { tab, pass } = await standing(context, `${network.origin}/?pings`);
  for (let turn = 0; turn < 8; turn++) {
    await tab.waitForFunction((before) => document.title !== before, await tab.title());
    await pass(250);
  }
  // Five times the silence that would have been taken for a dead connection.
  await state(tab, "live");
  await expect.poll(() => [network.asked, network.open]).toEqual([1, 1]);
});

test("events that come again are shown once", async () => {
  const { server, network, open } = await stage();
  const tab = await open();
  await state(tab, "live");
  network.rewound = await server.publish("ord_a");
  await server.publish("ord_b");
  await server.publish("ord_c");
  await events(tab, "ord_a", "ord_b", "ord_c");
  network.cut();
  network.mend();
  await tab.waitForFunction(() => document.querySelector("#state")?.textContent === "live");
  await server.publish("ord_d");
  await events(tab, "ord_a", "ord_b", "ord_c", "ord_d");
});

test("of two tabs the leading one closes, and the other goes on without a gap", async () => {
  const { server, network, open } = await stage();
  const leader = await open("?share");
  await state(leader, "live");
  const other = await open("?share");
  await state(other, "live");
  await server.publish("ord_a");
  await events(other, "gap joined", "ord_a");
  await expect.poll(() => [network.asked, network.open]).toEqual([1, 1]);
  await leader.close();
  await server.publish("ord_b");
  await events(other, "gap joined", "ord_a", "ord_b");
  await state(other, "live");
  await expect.poll(() => [network.asked, network.open]).toEqual([2, 1]);
});

test("ten tabs are one connection to the server; when the leading one closes, no tab misses an event", async () => {
  const { server, network, open } = await stage();
  const leader = await open("?share");
  await state(leader, "live");
  const others = [];
  for (let n = 0; n < 9; n++) others.push(await open("?share"));
  for (const tab of others) await state(tab, "live");
  await server.publish("ord_a");
  await events(leader, "ord_a");
  for (const tab of others) await events(tab, "gap joined", "ord_a");
  await expect.poll(() => [network.asked, network.open]).toEqual([1, 1]);
  await leader.close();
  await server.publish("ord_b");
  for (const tab of others) {
    await events(tab, "gap joined", "ord_a", "ord_b");
    await state(tab, "live");
  }
  await expect.poll(() => [network.asked, network.open]).toEqual([2, 1]);
});

test("a stream by POST is a loop that ends with its terminal event", async () => {
  const { server, network, open } = await stage();
  const tab = await open();
  const finished = tab.evaluate(async () => {
    const { connect, fetchTransport } = (globalThis as unknown as { client: typeof Package }).client;
    const completion = connect("/events", {
      events: ["completion.delta", "completion.finished"],
      channel: "room-1",
      until: "completion.finished",
      transport: fetchTransport({ body: (subscription) => subscription }),
    });
    const text = document.body.appendChild(document.createElement("output"));
    completion.state.subscribe((state) => {
      document.title = state;
    });
    for await (const { event, data } of completion)
      text.textContent += event === "completion.delta" ? data.text : ` (${data.reason})`;
    return `${text.textContent} ${completion.state.current}: ${completion.state.reason}`;
  });
  await tab.waitForFunction(() => document.title === "live");
  const completionId = "7c9e6679-7425-40de-944b-e07fc1f90ae7" as uuid;
  const publish = publishTo(`${server.origin}/publish`);
  const room = { org: "demo", channel: "room-1" };
  await publish("completion.delta", room, { completionId, index: 0, text: "Hel" });
  await tab.waitForFunction(() => document.querySelector("output")?.textContent === "Hel");
  network.cut();
  await tab.waitForFunction(() => document.title === "retrying");
  await publish("completion.delta", room, { completionId, index: 1, text: "lo" });
  network.mend();
  await publish("completion.finished", room, { completionId, reason: "stop" });
  await publish("completion.delta", room, { completionId, index: 2, text: "too late" });
  expect(await finished).toBe("Hello (stop) closed: terminal");
});

test("a page of another origin waits as long as Retry-After says", async () => {
  const { server, network, context } = await stage({ options: ["--streams-per-org", "1"] });
  const first = new AbortController();
  ending.push(async () => first.abort());
  await fetch(`${server.origin}/events?events=order.created`, { signal: first.signal });
  let asked = 0;
  context.on("request", (request) => request.url().startsWith(`${server.origin}/events`) && asked++);
  const { tab, pass } = await standing(context, `${network.origin}/?fetch&at=${server.origin}`);
  await state(tab, "retrying (429)");
  first.abort();
  await expect.poll(() => server.listeners()).toBe(0);
  await pass(4_900);
  expect(asked).toBe(1);
  await pass(200);
  await state(tab, "live");
  expect(asked).toBe(2);
});
