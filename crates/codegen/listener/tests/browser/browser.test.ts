/** What only a browser can show: its own EventSource, its tabs, its network. */
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import type { Connection } from "../support/server.js";
import { frame } from "../support/server.js";
import { events, quit, type Stage, stage, standing, state } from "./browser.js";

let at: Stage;

beforeEach(async () => {
  at = await stage();
});
afterEach(() => at.close());
afterAll(quit);

const greet = (connection: Connection, greeting: object = { resume: "exact", pingMs: 600_000 }) =>
  connection.open("retry: 1\n\n", frame("growset.connected", greeting));
const created = (orderId: string, id: string) => frame("order.created", { orderId }, id);

test("an EventSource that was answered 503 is made anew", async () => {
  const tab = await at.open();
  (await at.server.next()).status(503);
  // The source hides the status, so the client asks for it.
  const question = await at.server.next();
  expect(question.query.get("events")).toBe("order.created");
  question.status(503);
  greet(await at.server.next()).write(created("a", "1-1"));
  await state(tab, "live");
  await events(tab, "a");
});

test.each([
  [401, "denied (401)"],
  [403, "denied (403)"],
  [204, "closed (204)"],
])("%d stops, and the page says why", async (status, text) => {
  const tab = await at.open();
  (await at.server.next()).status(status);
  (await at.server.next()).status(status);
  await state(tab, text);
  expect(at.server.unanswered).toBe(0);
});

test("a connection that was cut is resumed: no event is lost, none comes twice", async () => {
  const tab = await at.open();
  const first = greet(await at.server.next()).write(created("a", "1-1"), created("b", "1-2"));
  await events(tab, "a", "b");
  first.kill();
  const second = await at.server.next();
  expect(second.query.get("lastEventId")).toBe("1-2");
  greet(second).write(created("b", "1-2"), created("c", "1-3"));
  await events(tab, "a", "b", "c");
  await state(tab, "live");
});

test("a server that ends cleanly is asked again, and refused meanwhile", async () => {
  const tab = await at.open();
  greet(await at.server.next()).end();
  const question = await at.server.next();
  question.status(502);
  (await at.server.next()).status(502);
  await state(tab, "retrying (502)");
  greet(await at.server.next());
  await state(tab, "live");
});

test("offline pauses, online resumes", async () => {
  const tab = await at.open();
  greet(await at.server.next()).write(created("a", "1-1"));
  await events(tab, "a");
  await at.context.setOffline(true);
  await state(tab, "retrying (offline)");
  await at.context.setOffline(false);
  const second = await at.server.next();
  expect(second.query.get("lastEventId")).toBe("1-1");
  greet(second).write(created("b", "1-2"));
  await state(tab, "live");
  await events(tab, "a", "b");
});

test("silence is stale, then a new connection", async () => {
  const { tab, pass } = await standing(at.context, at.server.origin);
  const first = greet(await at.server.next(), { resume: "new", pingMs: 500 });
  await state(tab, "live");
  await pass(900);
  await state(tab, "stale (silence)");
  await pass(200);
  await first.gone;
  greet(await at.server.next());
  await state(tab, "live");
});

test("behind a proxy that holds streams back the page polls", async () => {
  const { tab, pass } = await standing(at.context, `${at.server.origin}/?poll&ping=200`);
  for (let attempt = 0; attempt < 3; attempt++) {
    (await at.server.next()).open();
    await pass(250);
  }
  const poll = await at.server.next();
  expect(poll.request.url).toMatch(/^\/poll\?/);
  poll.json({
    frames: [{ event: "order.created", id: "1-1", data: { orderId: "a" } }],
    next: "1-5",
    retryMs: 1,
  });
  await state(tab, "polling");
  await events(tab, "a");
  await pass(200);
  expect((await at.server.next()).query.get("after")).toBe("1-5");
});

test("a frozen page finds its connection dead when it wakes, and misses nothing", async () => {
  const tab = await at.open();
  const first = greet(await at.server.next(), { resume: "new" }).write(created("a", "1-1"));
  await events(tab, "a");
  const session = await at.context.newCDPSession(tab);
  await session.send("Page.setWebLifecycleState", { state: "frozen" });
  first.kill();
  await session.send("Page.setWebLifecycleState", { state: "active" });
  const second = await at.server.next();
  expect(second.query.get("lastEventId")).toBe("1-1");
  greet(second).write(created("b", "1-2"));
  await events(tab, "a", "b");
});

test("ten tabs share one connection", async () => {
  const leader = await at.open("?share");
  const connection = greet(await at.server.next());
  await state(leader, "live");
  const others = [];
  for (let n = 0; n < 9; n++) others.push(await at.open("?share"));
  for (const tab of others) await state(tab, "live");
  connection.write(created("a", "1-1"));
  await events(leader, "a");
  for (const tab of others) await events(tab, "gap joined", "a");
  expect(at.server.unanswered).toBe(0);
});

test("when the leading tab closes another takes over, and no tab misses an event", async () => {
  const leader = await at.open("?share");
  const first = greet(await at.server.next()).write(created("a", "1-1"));
  await events(leader, "a");
  const second = await at.open("?share");
  const third = await at.open("?share");
  await state(second, "live");
  await state(third, "live");
  first.write(created("b", "1-2"));
  await events(third, "gap joined", "b");
  await leader.close();
  await first.gone;
  const connection = await at.server.next();
  expect(connection.query.get("lastEventId")).toBe("1-2");
  greet(connection).write(created("c", "1-3"));
  await events(second, "gap joined", "b", "c");
  await events(third, "gap joined", "b", "c");
  expect(at.server.unanswered).toBe(0);
});

test("by fetch a page sends headers and the last id, and is told why it is refused", async () => {
  const tab = await at.open("?fetch");
  const first = await at.server.next();
  expect(first.request.headers.authorization).toBe("Bearer x");
  greet(first).write(created("a", "1-1"));
  await events(tab, "a");
  first.kill();
  const second = await at.server.next();
  expect(second.request.headers["last-event-id"]).toBe("1-1");
  greet(second).write(created("b", "1-2"));
  await events(tab, "a", "b");
  second.end();
  (await at.server.next()).status(401);
  await state(tab, "denied (401)");
});

test("a handler that throws shows in the console and stops nothing", async () => {
  const tab = await at.open();
  const mistakes: string[] = [];
  tab.on("pageerror", ({ message }) => mistakes.push(message));
  greet(await at.server.next()).write(created("bad", "1-1"), created("good", "1-2"));
  await events(tab, "bad", "good");
  await expect.poll(() => mistakes).toEqual(["a handler's own mistake"]);
});

test("a page that goes to another address leaves no connection behind", async () => {
  const tab = await at.open();
  const connection = greet(await at.server.next());
  await state(tab, "live");
  await tab.goto("about:blank");
  await connection.gone;
});
