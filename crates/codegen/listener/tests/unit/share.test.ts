/** Several tabs over one connection. */
import { beforeEach, expect, test } from "vitest";
import { type ShareSettings, shareTabs } from "../../src/client.js";
import { Clock, settle } from "../support/clock.js";
import { connect, record } from "../support/events.js";
import { sources } from "../support/source.js";
import { Browser, type Tab } from "../support/tabs.js";

let browser: Browser;

beforeEach(() => {
  browser = new Browser();
});

const open = async (tab: Tab = browser.tab(), settings?: ShareSettings, lastEventId?: string) => {
  const stream = connect("/events", {
    events: ["order.created"],
    transport: shareTabs(settings),
    environment: tab,
    lastEventId,
  });
  const log = record(stream);
  await settle();
  return { tab, stream, log, events: () => log.filter((line) => line.startsWith("order")) };
};

const made = () => browser.tabs.reduce((sum, tab) => sum + tab.native.made.length, 0);

/** Two tabs, the first leading, both live. */
const pair = async () => {
  const first = await open();
  first.tab.native.last().greet({ resume: "new", pingMs: 10_000 });
  const second = await open();
  return { first, second };
};

test("ten tabs make one connection, and each hears every event", async () => {
  const tabs = [];
  for (let n = 0; n < 10; n++) tabs.push(await open());
  const source = tabs[0]?.tab.native.last();
  source?.greet();
  source?.send("order.created", { orderId: "a" }, "1-1");
  await settle();
  expect(made()).toBe(1);
  for (const { log, events } of tabs) {
    expect(log.slice(0, 2)).toEqual(["connecting", "live"]);
    expect(events()).toEqual(["order.created a #1-1"]);
  }
});

test("a tab that joins later is live at once, and told that it missed the beginning", async () => {
  const { second } = await pair();
  expect([...second.log]).toEqual(["connecting", "live", "gap joined"]);
});

test("a tab that joins disturbs no other", async () => {
  const { first, second } = await pair();
  await open();
  expect([...first.log]).toEqual(["connecting", "live"]);
  expect([...second.log]).toEqual(["connecting", "live", "gap joined"]);
});

test("when the leading tab closes, the next one resumes from where it is", async () => {
  const { first, second } = await pair();
  first.tab.native.last().send("order.created", { orderId: "a" }, "1-1");
  await settle();
  first.stream.close();
  await settle();
  expect(made()).toBe(2);
  const source = second.tab.native.last();
  expect(source.query.get("lastEventId")).toBe("1-1");
  source.greet({ resume: "exact" });
  source.send("order.created", { orderId: "b" }, "1-2");
  expect([...second.log]).toEqual([
    "connecting",
    "live",
    "gap joined",
    "order.created a #1-1",
    "order.created b #1-2",
  ]);
});

test("when the leading tab crashes, the third hears the new leader", async () => {
  const { first, second } = await pair();
  const third = await open();
  first.tab.native.last().send("order.created", { orderId: "a" }, "1-1");
  await settle();
  browser.crash(first.tab);
  await settle();
  const source = second.tab.native.last();
  source.greet({ resume: "exact" });
  source.send("order.created", { orderId: "a" }, "1-1");
  source.send("order.created", { orderId: "b" }, "1-2");
  await settle();
  expect(second.events()).toEqual(["order.created a #1-1", "order.created b #1-2"]);
  expect(third.events()).toEqual(second.events());
});

test("while the leader has no connection the others say so, and miss nothing that follows", async () => {
  const { first, second } = await pair();
  second.tab.chance = 0.9;
  first.tab.native.last().break();
  await settle();
  expect(second.log.at(-1)).toBe("retrying (lost)");
  await first.tab.pass(0);
  // Not after its own patience, but as soon as the shared connection is back.
  first.tab.native.last().greet({ resume: "exact" });
  first.tab.native.last().send("order.created", { orderId: "a" }, "1-1");
  await settle();
  expect(second.events()).toEqual(["order.created a #1-1"]);
  expect(second.log.slice(-3)).toEqual(["retrying (lost)", "live", "order.created a #1-1"]);
  expect(made()).toBe(2);
});

test("a tab does not say live for what it heard of a connection that is gone again", async () => {
  const { first, second } = await pair();
  first.tab.native.last().break();
  await first.tab.pass(0);
  first.tab.native.last().greet({ resume: "exact" });
  first.tab.native.last().send("order.created", { orderId: "a" }, "1-1");
  first.tab.native.last().break();
  await settle();
  expect(second.events()).toEqual(["order.created a #1-1"]);
  expect(second.log.at(-1)).toBe("retrying (lost)");
});

test("a tab that joins with an id to resume from is told that events are missing", async () => {
  await pair();
  const third = await open(browser.tab(), undefined, "1-0");
  expect([...third.log]).toEqual(["connecting", "live", "gap joined"]);
});

test("so is one that joins while the leader is being greeted, for the leader resumed from elsewhere", async () => {
  const first = await open(browser.tab(), undefined, "1-5");
  const second = await open(browser.tab(), undefined, "1-0");
  first.tab.native.last().greet({ resume: "exact" });
  await settle();
  expect([...second.log]).toEqual(["connecting", "live", "gap joined"]);
});

test("a leader that goes into the back/forward cache hands over at once, and takes part again when it is back", async () => {
  const { first, second } = await pair();
  first.tab.native.last().send("order.created", { orderId: "a" }, "1-1");
  await settle();
  first.tab.announce("pagehide");
  await settle();
  expect(first.tab.native.last().readyState).toBe(2);
  expect(second.log).not.toContain("retrying (pagehide)");
  second.tab.native.last().greet({ resume: "exact" });
  second.tab.native.last().send("order.created", { orderId: "b" }, "1-2");
  await settle();
  expect(first.events()).toEqual(["order.created a #1-1"]);
  // A message would evict it from the cache.
  expect([...browser.channels].filter(({ tab }) => tab === first.tab)).toEqual([]);
  first.tab.announce("pageshow");
  await settle();
  expect(first.log.slice(-3)).toEqual(["retrying (pagehide)", "live", "gap joined"]);
  second.tab.native.last().send("order.created", { orderId: "c" }, "1-3");
  await settle();
  expect(first.events().at(-1)).toBe("order.created c #1-3");
  expect(made()).toBe(2);
});

test("a tab that comes back from the cache and is alone resumes from where it was", async () => {
  const first = await open();
  first.tab.native.last().greet();
  first.tab.native.last().send("order.created", { orderId: "a" }, "1-1");
  first.tab.announce("pagehide");
  await first.tab.pass(60_000);
  expect(made()).toBe(1);
  first.tab.announce("pageshow");
  await settle();
  expect(first.tab.native.last().query.get("lastEventId")).toBe("1-1");
});

test("a tab that joins while the leader has no connection is not told that it has one", async () => {
  const { first } = await pair();
  first.tab.chance = 0.9;
  first.tab.native.last().break();
  await settle();
  const third = await open();
  expect([...third.log]).toEqual(["connecting"]);
});

test("tabs share under a key though a ticket makes their addresses differ", async () => {
  let ticket = 0;
  for (const tab of [browser.tab(), browser.tab()])
    connect(() => `/events?ticket=${++ticket}`, {
      events: ["order.created"],
      transport: shareTabs({ key: "anna" }),
      environment: tab,
    });
  await settle();
  expect(made()).toBe(1);
});

test("a refusal stops all tabs, and no other asks in its turn", async () => {
  const { first, second } = await pair();
  first.tab.fetch = async () => new Response(null, { status: 401 });
  first.tab.native.last().refuse();
  await settle();
  expect(first.log.at(-1)).toBe("denied (401)");
  expect(second.log.at(-1)).toBe("denied (401)");
  expect(made()).toBe(1);
});

test("pings of the leader keep the others alive", async () => {
  const { first, second } = await pair();
  for (let n = 0; n < 10; n++) {
    await second.tab.pass(10_000);
    first.tab.native.last().send("growset.ping", {}, `1-${n}`);
    await settle();
  }
  expect(second.log.at(-1)).toBe("gap joined");
  expect(second.stream.lastEventId).toBe("1-9");
});

test("a leader that sleeps with the lock in its hand is relieved, and follows when it wakes", async () => {
  const { first, second } = await pair();
  first.tab.frozen = true;
  await second.tab.pass(20_000);
  expect(second.log.at(-1)).toBe("retrying (silence)");
  await second.tab.pass(10_000);
  expect(second.tab.native.made).toHaveLength(1);
  second.tab.native.last().greet({ resume: "exact" });
  first.tab.frozen = false;
  await settle();
  expect(first.tab.native.last().readyState).toBe(2);
  await first.tab.pass(0);
  // What the new leader heard before this tab woke has passed it by.
  expect(first.log.at(-1)).toBe("gap joined");
  second.tab.native.last().send("order.created", { orderId: "a" }, "1-1");
  await settle();
  expect(first.events()).toEqual(["order.created a #1-1"]);
  expect(made()).toBe(2);
});

test("a leader that is alive but cannot connect keeps the lock", async () => {
  const { first, second } = await pair();
  first.tab.chance = 0.9;
  second.tab.chance = 0.1;
  first.tab.native.last().break();
  for (let n = 0; n < 5; n++) await second.tab.pass(20_000);
  expect(second.tab.native.made).toHaveLength(0);
});

test("tabs of different keys or names do not share", async () => {
  await open(browser.tab(), { key: "anna" });
  await open(browser.tab(), { key: "boris" });
  expect(made()).toBe(2);
});

test("one setting serves a second stream after the first was closed", async () => {
  const tab = browser.tab();
  const transport = shareTabs();
  connect("/events", { events: ["order.created"], transport, environment: tab }).close();
  const log = record(connect("/events", { events: ["order.created"], transport, environment: tab }));
  await settle();
  expect(tab.native.made).toHaveLength(1);
  tab.native.last().greet();
  expect([...log]).toEqual(["connecting", "live"]);
});

test("without Web Locks each tab connects for itself", async () => {
  const clock = new Clock();
  const native = sources();
  clock.EventSource = native.EventSource;
  connect("/events", { events: ["order.created"], transport: shareTabs(), environment: clock });
  await settle();
  expect(native.made).toHaveLength(1);
});

test("a handler that closes the stream in the middle of a burst throws nothing", async () => {
  const { first, second } = await pair();
  first.stream.on("order.created", () => first.stream.close());
  first.tab.native.last().send("order.created", { orderId: "a" }, "1-1");
  first.tab.native.last().send("order.created", { orderId: "b" }, "1-2");
  await settle();
  expect(first.tab.reported).toEqual([]);
  expect(second.events()).toEqual(["order.created a #1-1"]);
});
