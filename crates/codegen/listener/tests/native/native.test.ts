/** The browser's own EventSource, on pages of another origin, beside a real server. */
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { quit, type Stage, stage } from "../browser/browser.js";
import { Server } from "../support/server.js";
import { Growset } from "./growset.js";

let at: Stage;
let stranger: Server;
let growset: Growset;

beforeEach(async () => {
  at = await stage();
  stranger = await Server.start(() => ({ type: "text/html", body: "" }));
  growset = new Growset(at.server.origin);
  await growset.start();
  await at.context.addCookies([{ name: "growset", value: growset.token(), domain: "127.0.0.1", path: "/" }]);
});
afterEach(async () => {
  await at.close();
  await stranger.stop();
  await growset.remove();
});
afterAll(quit);

interface Heard {
  readonly names: string[];
  readonly orders: string[];
  readonly ids: string[];
  readonly resumes: string[];
  errors: number;
  state: number;
}

/** Listens on a page of an origin, with credentials, and collects what it hears. */
const listen = async (origin: string) => {
  const tab = await at.context.newPage();
  await tab.goto(`${origin}/favicon.ico`);
  await tab.evaluate((url) => {
    const heard: Heard = { names: [], orders: [], ids: [], resumes: [], errors: 0, state: 0 };
    const source = new EventSource(url, { withCredentials: true });
    const note = (event: MessageEvent) => heard.names.push(event.type);
    source.onmessage = note;
    source.onerror = () => {
      heard.errors += 1;
      heard.state = source.readyState;
    };
    source.addEventListener("growset.connected", (event) => {
      heard.resumes.push(JSON.parse(event.data).resume);
    });
    source.addEventListener("order.status.changed", (event) => {
      note(event);
      heard.orders.push(JSON.parse(event.data).orderId);
      heard.ids.push(event.lastEventId);
    });
    Object.assign(globalThis, { heard });
  }, `http://127.0.0.1:${growset.port}/events?events=order.status.changed`);
  const heard = () => tab.evaluate(() => (globalThis as unknown as { heard: Heard }).heard);
  const until = async (is: (heard: Heard) => boolean): Promise<Heard> => {
    for (;;) {
      const now = await heard();
      if (is(now)) return now;
      await tab.waitForTimeout(20);
    }
  };
  return { until };
};

test("named events arrive by name, and come back after a restart goes on after the last id", async () => {
  const page = await listen(at.server.origin);
  await page.until(({ resumes }) => resumes.length === 1);
  const first = await growset.publish("ord_1");
  const before = await page.until(({ orders }) => orders.length === 1);
  expect(before).toMatchObject({ names: ["order.status.changed"], orders: ["ord_1"], ids: [first] });

  await growset.stop();
  await growset.start();
  const missed = await growset.publish("ord_2");
  const after = await page.until(({ orders }) => orders.length === 2);
  expect(after).toMatchObject({
    orders: ["ord_1", "ord_2"],
    ids: [first, missed],
    resumes: ["new", "exact"],
  });
});

test("a page of an origin that is not on the list hears nothing, whatever its cookies", async () => {
  const page = await listen(stranger.origin);
  const { errors, state, names, resumes } = await page.until(({ errors }) => errors > 0);
  expect({ errors, state, names, resumes }).toEqual({ errors: 1, state: 2, names: [], resumes: [] });
});

test("a page without the cookie is refused for good", async () => {
  await at.context.clearCookies();
  const page = await listen(at.server.origin);
  expect(await page.until(({ errors }) => errors > 0)).toMatchObject({ state: 2, names: [], resumes: [] });
});
