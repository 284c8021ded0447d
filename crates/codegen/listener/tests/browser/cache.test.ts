/** Pages that the browser keeps for the way back, which other tests' browsers do not. */
import type { Browser, Page as Tab } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Growset } from "../support/growset.js";
import { Network } from "../support/network.js";
import { PATIENCE } from "../support/patience.js";
import { launch, listening, profile, state } from "./browser.js";

let browser: Browser;
let server: Growset;
let network: Network;

beforeAll(async () => {
  browser = await launch({ ignoreDefaultArgs: ["--disable-back-forward-cache"] });
  // Tabs find out by themselves that nobody leads, after two such silences: long after this test has given up.
  server = await Growset.start({ pingMs: 5 * PATIENCE });
  network = await Network.start(
    () => server.port,
    (path) => {
      if (path.startsWith("/?")) return { type: "text/html", body: listening("/package/client.js") };
      return path === "/away" ? { type: "text/html", body: "<title>away</title>" } : undefined;
    },
  );
});
afterAll(async () => {
  await browser.close();
  await network.stop();
  await server.stop();
});

const shows = (tab: Tab, ...texts: string[]) =>
  tab.waitForFunction(
    (wanted) => [...document.querySelectorAll("li")].map((item) => item.textContent).join() === wanted,
    texts.join(),
  );

test("a leading tab that its user leaves by a link hands over at once, and takes part again on the way back", async () => {
  const context = await profile(browser);
  const open = async () => {
    const tab = await context.newPage();
    await tab.goto(`${network.origin}/?share`);
    await state(tab, "live");
    return tab;
  };
  const leader = await open();
  const follower = await open();
  await server.publish("ord_a");
  await shows(leader, "ord_a");
  await shows(follower, "gap joined", "ord_a");
  await leader.evaluate(() => {
    Object.assign(globalThis, { kept: true });
    location.href = "/away";
  });
  await leader.waitForURL("**/away");
  await server.publish("ord_b");
  await shows(follower, "gap joined", "ord_a", "ord_b");
  await state(follower, "live");
  // A page that comes from the cache does not load, so nobody may wait for that.
  await leader.goBack({ waitUntil: "commit" });
  // It was not loaded anew.
  expect(await leader.evaluate(() => "kept" in globalThis)).toBe(true);
  await state(leader, "live");
  await server.publish("ord_c");
  await shows(leader, "ord_a", "gap joined", "ord_c");
  await shows(follower, "gap joined", "ord_a", "ord_b", "ord_c");
  await expect.poll(() => network.open).toBe(1);
});
