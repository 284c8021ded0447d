/** The catalog's page, as the real server serves it: what is found on it, the live console, access without a mouse. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { BrowserContext, BrowserContextOptions, Page as Tab } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Growset } from "../support/growset.js";
import { chromiumOnce, profile, quit } from "./browser.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let server: Growset;
const contexts: BrowserContext[] = [];
/** What the browser complained of: a breach of the policy is one. */
const complaints: string[] = [];

beforeAll(async () => {
  server = await Growset.start();
});
afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close();
  expect(complaints.splice(0)).toEqual([]);
});
afterAll(async () => {
  await server.stop();
  await quit();
});

const open = async (path: string, options: BrowserContextOptions = {}): Promise<Tab> => {
  const context = await profile(await chromiumOnce(), options);
  contexts.push(context);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const tab = await context.newPage();
  tab.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  tab.on("pageerror", ({ message }) => complaints.push(message));
  await tab.goto(`${server.origin}${path}`);
  return tab;
};

/** A button says that it copied once it did; the browser takes its time. */
const clipboard = (tab: Tab) => expect.poll(() => tab.evaluate(() => navigator.clipboard.readText()));
/** What the browser complains of reaches a test in its own time, too. */
const complained = async (text: string) => {
  await expect.poll(() => complaints.join()).toContain(text);
  complaints.splice(0);
};
const shown = (tab: Tab) => tab.locator(".event:visible h3").allTextContents();

test("events are found by name, field, owner and audience, and one is opened without a mouse", async () => {
  const tab = await open("/");
  expect((await shown(tab)).length).toBeGreaterThan(20);
  await tab.keyboard.press("/");
  await tab.keyboard.type("milestoneid payments");
  expect(await shown(tab)).toEqual(["escrow.released"]);
  expect(await tab.locator("[data-count]").textContent()).toMatch(/^1 of \d+$/);
  await tab.keyboard.press("Enter");
  await tab.waitForURL("**/events/escrow.released.html");
  await tab.goBack();
  await tab.waitForFunction(() => document.querySelectorAll(".event:not([hidden])").length === 1);
  await tab.fill("#search", "");
  await tab.getByText("public", { exact: true }).first().click();
  expect(await shown(tab)).toEqual(["pet.added", "pet.status.changed"]);
  // A field deep inside a payload, which no list shows.
  await tab.getByText("all", { exact: true }).click();
  await tab.fill("#search", "refund");
  expect(await shown(tab)).toContain("dispute.resolved");
  await tab.fill("#search", "nothing like it");
  await tab.getByRole("button", { name: "Show all" }).click();
  expect((await shown(tab)).length).toBeGreaterThan(20);
});

test("a deprecation says how many days are left", async () => {
  const tab = await open("/events/order_update.html", {});
  await tab.clock.setFixedTime("2027-06-20T12:00:00Z");
  await tab.reload();
  expect(await tab.locator(".pill.deprecated").textContent()).toContain("until 2027-06-30 (10 days left)");
  await tab.clock.setFixedTime("2027-07-02T12:00:00Z");
  await tab.reload();
  expect(await tab.locator(".pill.deprecated").textContent()).toContain("(may go any day)");
});

test("an event's page shows its payload, and its snippets are copied as they stand", async () => {
  const tab = await open("/events/order.status.changed.html");
  const row = tab.getByRole("row").filter({ hasText: "estimatedDelivery" });
  expect(await row.first().textContent()).toContain("optional");
  await tab.getByRole("link", { name: "OrderStatus", exact: true }).first().click();
  expect(await tab.locator("#type-OrderStatus .values").textContent()).toContain("in_transit");
  await tab.locator("figure", { hasText: "Listen in TypeScript" }).getByRole("button").click();
  await clipboard(tab).toContain('connect("/events", { events: ["order.status.changed"] })');
  await tab.locator("figure", { hasText: "Publish in TypeScript" }).getByRole("button").click();
  await clipboard(tab).toContain('publish("order.status.changed", { org: "acme" }, data)');
  await tab.locator("figure", { hasText: "Publish in Rust" }).getByRole("button").click();
  await clipboard(tab).toContain("OrderStatusChanged::new(order_id, from, to)");
  expect(await tab.locator(".release").first().textContent()).toContain("order.status.changed was added");
});

test("the schemas that a page names are served", async () => {
  const tab = await open("/events/order.created.html");
  const href = await tab.getByRole("link", { name: "order.created.json" }).getAttribute("href");
  const answer = await tab.request.get(new URL(href ?? "", tab.url()).href);
  expect((await answer.json()).title ?? (await answer.json()).$id).toContain("order.created");
});

test("events are published, arrive, and are checked", async () => {
  const tab = await open("/live.html?events=order.created");
  await tab.locator('[data-state="live"]').waitFor();
  expect(await tab.locator("[name=event]:checked").count()).toBe(1);
  expect(await tab.locator("[data-publish-event]").inputValue()).toBe("order.created");
  await tab.getByRole("button", { name: "Publish" }).click();
  const arrived = tab.locator("[data-log] li", { hasText: "order.created" });
  await arrived.locator(".mark.valid").waitFor();
  await tab.getByText(/^Published as \S+\.$/).waitFor();
  await arrived.locator("summary").click();
  await arrived.getByRole("button", { name: "Copy as fixture" }).click();
  await clipboard(tab).toMatch(
    /^{\n {2}"event": "order.created",\n {2}"id": .*"displayAmount": "EUR 1,234.50"/s,
  );

  await tab.getByRole("button", { name: "Pause" }).click();
  await server.publish("ord_2");
  await tab.getByText("1 held back").waitFor();
  expect(await arrived.count()).toBe(1);
  await tab.getByRole("button", { name: "Go on" }).click();
  await arrived.nth(1).waitFor();

  await tab.locator("[data-publish-data]").fill('{ "orderId": "no" }');
  await tab.getByRole("button", { name: "Publish" }).click();
  await tab.getByText('/orderId "no" does not match').waitFor();
  await complained("422");
  await tab.route("**/publish", (route) => route.abort());
  await tab.getByRole("button", { name: "Publish" }).click();
  await tab.getByText("Not published: Failed to fetch").waitFor();
  await complained("ERR_FAILED");

  await tab.getByRole("button", { name: "Disconnect" }).click();
  await tab.locator('[data-state="off"]').waitFor();
});

test("a payload that breaks its contract is marked, and its text is no markup", async () => {
  const tab = await open("/");
  await tab.route("**/events?*", (route) =>
    route.fulfill({
      contentType: "text/event-stream",
      body: 'event: order.created\nid: 1-1\ndata: {"orderId":"<img src=x onerror=alert(1)>"}\n\n',
    }),
  );
  await tab.goto(`${server.origin}/live.html?events=order.created`);
  const arrived = tab.locator("[data-log] li", { hasText: "order.created" });
  await arrived.locator(".mark.invalid").waitFor();
  await arrived.locator("summary").click();
  expect(await arrived.locator(".why").textContent()).toContain("/orderId: expected a string, matches ^ord_");
  expect(await arrived.locator("pre").textContent()).toContain("<img src=x onerror=alert(1)>");
  expect(await tab.locator("img").count()).toBe(0);
});

test("a payload that holds more than the page knows is marked, and is no mistake", async () => {
  const tab = await open("/");
  const data = { orderId: "ord_1", from: "paid", to: "lost", giftWrap: true };
  await tab.route("**/events?*", (route) =>
    route.fulfill({
      contentType: "text/event-stream",
      body: `event: order.status.changed\nid: 1-1\ndata: ${JSON.stringify(data)}\n\n`,
    }),
  );
  await tab.goto(`${server.origin}/live.html?events=order.status.changed`);
  const arrived = tab.locator("[data-log] li", { hasText: "order.status.changed" });
  await arrived.getByText("newer than this page").waitFor();
  await arrived.locator("summary").click();
  expect(await arrived.locator(".why").textContent()).toBe(
    "/to: a value that this page does not know\n/giftWrap: a field that this page does not know",
  );
});

test("events to channels are listened to once a channel is named", async () => {
  const tab = await open("/live.html?events=dashboard.changed");
  await tab.locator('[data-state="live"]').waitFor();
  await tab.getByRole("button", { name: "Disconnect" }).click();
  await tab.locator("[data-channel]").fill("");
  await tab.getByRole("button", { name: "Connect" }).click();
  await tab.getByText("name a channel first").waitFor();
  await tab.locator('[name=event][value="order.created"]').check();
  await tab.getByRole("button", { name: "Connect" }).click();
  await tab.locator('[data-state="live"]').waitFor();
});

test("what is chosen while connected applies at once, and Enter in a field disconnects nothing", async () => {
  const tab = await open("/live.html?events=order.created");
  await tab.locator('[data-state="live"]').waitFor();
  await tab.getByText("Events appear here as they happen").waitFor();
  await tab.locator("[data-filter-events]").fill("payment");
  await tab.locator("[data-filter-events]").press("Enter");
  const again = tab.waitForRequest(
    (request) => new URL(request.url()).searchParams.get("events") === "order.created,payment.failed",
  );
  await tab.locator('[name=event][value="payment.failed"]').check();
  // From where it was, so that nothing is lost meanwhile.
  expect((await again).headers()["last-event-id"]).toBeTruthy();
  const other = tab.waitForRequest((request) => request.url().includes("channel=other"));
  await tab.locator("[data-channel]").fill("other");
  await tab.locator("[data-channel]").press("Enter");
  await other;
  await tab.locator('[data-state="live"]').waitFor();
  expect(await tab.locator("[data-connect]").textContent()).toBe("Disconnect");
});

test("what somebody reads stays, and so does a gap, however much comes after", async () => {
  const tab = await open("/");
  const data = { orderId: "ord_1", title: "Logo", total: 100, currency: "EUR" };
  const one = (n: number) =>
    `event: order.created\nid: 1-${n}\ndata: ${JSON.stringify({ ...data, title: `${n}` })}\n\n`;
  let answers = 0;
  await tab.route("**/events?*", (route) => {
    const first = `${one(0)}event: growset.gap\ndata: {"reason":"lagged"}\n\n`;
    const rest = Array.from({ length: 600 }, (_, n) => one(n + 1)).join("");
    return route.fulfill({ contentType: "text/event-stream", body: answers++ ? rest : first });
  });
  await tab.addInitScript(() => {
    Math.random = () => 0;
    // As soon as the first one is there somebody opens it.
    new MutationObserver(() => {
      const summaries = [...document.querySelectorAll<HTMLElement>("[data-log] summary")];
      if (!document.querySelector("[data-log] details[open]")) summaries.at(-1)?.click();
    }).observe(document, { childList: true, subtree: true });
  });
  await tab.goto(`${server.origin}/live.html?events=order.created`);
  await tab.getByText("601", { exact: true }).waitFor();
  const read = tab.locator("[data-log] details[open]");
  expect(await read.locator("pre").textContent()).toContain('"title": "0"');
  await tab.getByText("events are missing here (lagged)").waitFor();
  // Pressed again while it says what it did, it says in the end what it does. It does not say it for long, so all is noted.
  await read.getByRole("button").evaluate((button) => {
    const said: (string | null)[] = [];
    Object.assign(globalThis, { said });
    const note = () => said.push(button.textContent) === 1 && (button as HTMLElement).click();
    new MutationObserver(note).observe(button, { childList: true });
  });
  await read.getByRole("button").click();
  const said = async () =>
    (await tab.evaluate(() => (globalThis as unknown as { said: string[] }).said)).sort();
  await expect.poll(said).toEqual(["Copied", "Copied", "Copy as fixture", "Copy as fixture"]);
});

test("whoever is impatient connects once, and a long pause keeps the newest", async () => {
  const tab = await open("/live.html?events=order.created");
  await tab.locator('[data-state="live"]').waitFor();
  await tab.getByRole("button", { name: "Disconnect" }).click();
  let asked = 0;
  tab.on("request", (request) => new URL(request.url()).pathname === "/events" && asked++);
  await tab.evaluate(() => {
    const form = document.querySelector<HTMLFormElement>("[data-choose]");
    for (let click = 0; click < 3; click++) form?.requestSubmit();
  });
  await tab.locator('[data-state="live"]').waitFor();
  expect(asked).toBe(1);

  await tab.getByRole("button", { name: "Clear" }).click();
  await tab.getByRole("button", { name: "Pause" }).click();
  const data = { orderId: "ord_1", title: "Logo", total: 100, currency: "EUR" };
  for (let batch = 0; batch < 6; batch++) {
    const events = Array.from({ length: 100 }, (_, n) => ({
      event: "order.created",
      org: "demo",
      data: { ...data, title: `${batch}-${n}` },
    }));
    await tab.request.post(`${server.origin}/publish`, { data: events });
  }
  await tab.getByText("0, 600 held back").waitFor();
  await tab.getByRole("button", { name: "Go on" }).click();
  await tab.getByText("600", { exact: true }).waitFor();
  const arrived = tab.locator("[data-log] li");
  expect(await arrived.count()).toBe(500);
  expect(await arrived.first().locator("pre").textContent()).toContain('"5-99"');
  expect(await arrived.last().locator("pre").textContent()).toContain('"1-0"');
});

test("a host of plain files that answers everything is no server", async () => {
  const tab = await open("/");
  await tab.route("**/page.json", (route) =>
    route.fulfill({ contentType: "text/html", body: "<p>Hello</p>" }),
  );
  await tab.goto(`${server.origin}/live.html`);
  await tab.getByText("This is a copy without a server").waitFor();
  expect(await tab.locator("[data-console]").isVisible()).toBe(false);
});

test("a copy without a server says so", async () => {
  const tab = await open("/");
  await tab.route("**/page.json", (route) => route.abort());
  await tab.goto(`${server.origin}/live.html`);
  await tab.getByText("This is a copy without a server").waitFor();
  expect(await tab.locator("[data-console]").isVisible()).toBe(false);
  await complained("ERR_FAILED");
});

const PATHS = [
  "/",
  "/events/dispute.resolved.html",
  "/events/order_update.html",
  "/live.html",
  "/changes.html",
];

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [1200, 360, 320]) {
    test(`axe finds nothing in ${colorScheme} at ${width} pixels, and nothing is cut off`, async () => {
      const tab = await open("/", { colorScheme, viewport: { width, height: 800 } });
      for (const path of PATHS) {
        await tab.goto(`${server.origin}${path}`);
        if (path === "/live.html") await tab.locator('[data-state="live"]').waitFor();
        const found = await tab.evaluate(`${axe}; axe.run().then(({ violations }) => violations.map(
          ({ id, nodes }) => id + ": " + nodes.slice(0, 3).map(({ html }) => html.slice(0, 200)).join("\\n")))`);
        expect(found, path).toEqual([]);
        const excess = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
        expect(await tab.evaluate(excess), path).toBe(0);
      }
    });
  }
}
