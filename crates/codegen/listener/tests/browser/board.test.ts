/** The example application under React's StrictMode, against the real server: what users see of it. */
import { join } from "node:path";
import { build } from "esbuild";
import type { Page as Tab } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Growset, repository } from "../support/growset.js";
import { Network } from "../support/network.js";
import type { Page } from "../support/server.js";
import { chromiumOnce, profile, quit, state } from "./browser.js";

/** By path. React has one of its own, so that it stays while the application is loaded anew. */
const scripts = new Map<string, string>();
/** What the application's own server would answer. */
let orders: object[] = [];
let server: Growset;
let network: Network;
let tab: Tab;

const pages = (path: string): Page | undefined => {
  if (path === "/")
    return { type: "text/html", body: '<div id="root"></div><script type="module" src="/app.js"></script>' };
  const body = scripts.get(path.replace(/\?.*/, ""));
  if (body) return { type: "text/javascript", body };
  if (path === "/orders") return { type: "application/json", body: JSON.stringify(orders) };
  return undefined;
};

const tool = (name: string) => join(repository, "crates/codegen/listener/node_modules", name);

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: {
      app: join(repository, "tests/npm/board/main.tsx"),
      react: "react",
      dom: "react-dom/client",
    },
    outdir: "/",
    splitting: true,
    // One React for the application and the package, as an installation has it.
    alias: {
      "@example/events": join(repository, "generated/typescript"),
      react: tool("react"),
      "react-dom": tool("react-dom"),
    },
    define: { "process.env.NODE_ENV": '"development"' },
    jsx: "automatic",
    bundle: true,
    format: "esm",
    write: false,
  });
  for (const { path, text } of outputFiles) scripts.set(path, text);
});

beforeEach(async () => {
  orders = [{ orderId: "ord_0", title: "A logo", status: "paid", last: "" }];
  server = await Growset.start();
  network = await Network.start(() => server.port, pages);
  tab = await (await profile(await chromiumOnce())).newPage();
  await tab.goto(network.origin);
  await state(tab, "Connected");
});
afterEach(async () => {
  await tab.context().close();
  await network.stop();
  await server.stop();
});
afterAll(quit);

const publish = async (event: string, data: object) => {
  const response = await fetch(`${server.origin}/publish`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ event, org: "demo", data }),
  });
  expect(response.status, await response.text()).toBe(201);
};

const line = (text: string) => tab.getByRole("listitem").getByText(text, { exact: true }).waitFor();

test("each of the eleven events shows on the board", async () => {
  await line("A logo: paid ()");
  const orderId = "ord_1";
  await publish("order.created", { orderId, title: "Logo redesign", total: 123450, currency: "EUR" });
  await line("Logo redesign: created (placed, EUR 1,234.50)");
  await publish("payment.succeeded", { orderId, amount: 123450, currency: "EUR", providerRef: "pi_1" });
  await line("Logo redesign: created (paid, EUR 1,234.50)");
  await publish("order.status.changed", { orderId, from: "created", to: "in_transit" });
  await line("Logo redesign: in_transit (was created)");
  const deliverable = { orderId, deliverableId: "dlv_1" };
  await publish("deliverable.uploaded", { ...deliverable, milestoneId: "mil_1" });
  await line("Logo redesign: in_transit (dlv_1 uploaded)");
  await publish("deliverable.rejected", { ...deliverable, reason: "too small" });
  await line("Logo redesign: in_transit (rejected: too small)");
  await publish("deliverable.accepted", deliverable);
  await line("Logo redesign: in_transit (dlv_1 accepted)");
  await publish("escrow.released", { orderId, milestoneId: "mil_1", amount: 5 });
  await line("Logo redesign: in_transit (mil_1 paid out)");
  await publish("dispute.opened", { orderId, disputeId: "dsp_1", reason: "late" });
  await line("A dispute about ord_1: late");
  await publish("dispute.resolved", {
    orderId,
    disputeId: "dsp_1",
    resolution: { outcome: "refunded", refund: { amount: 1, currency: "EUR" } },
  });
  await line("Logo redesign: in_transit (dispute refunded)");
  await publish("payment.failed", { orderId, errorCode: "card_declined" });
  await line("The payment of ord_1 failed: card_declined");
  await publish("contract.fully_signed", { contractId: "ctr_1", number: "2026-0007" });
  await line("Contract 2026-0007 is signed");
});

test("StrictMode mounts twice and connects once", async () => {
  await expect.poll(() => [network.asked, network.open]).toEqual([1, 1]);
});

test("a lost connection is shown, and after a server without a memory the state is asked for again", async () => {
  await server.end("SIGKILL");
  await state(tab, "Reconnecting…");
  orders = [{ orderId: "ord_0", title: "A logo", status: "delivered", last: "meanwhile" }];
  await server.restart();
  await state(tab, "Connected");
  await line("A logo: delivered (meanwhile)");
});

test("code that is loaded anew leaves no connection behind", async () => {
  for (let version = 1; version <= 3; version++) {
    await tab.evaluate(`import("/app.js?${version}")`);
    await expect.poll(() => [network.asked, network.open]).toEqual([1 + version, 1]);
    await state(tab, "Connected");
  }
  await publish("contract.fully_signed", { contractId: "ctr_1", number: "2026-0007" });
  await line("Contract 2026-0007 is signed");
  expect(await tab.locator("#notices li").count()).toBe(1);
});
