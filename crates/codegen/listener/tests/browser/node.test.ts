/** The generated package in Node, against the real server. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { connect, fetchTransport, type Unknown } from "../../../../../generated/typescript/client.js";
import type { OrderId, OrderStatus } from "../../../../../generated/typescript/index.js";
import { PublishError, publishTo } from "../../../../../generated/typescript/publish.js";
import { contract as orderCreated } from "../../../../../generated/typescript/validate/order.created.js";
import { contract as orderMoved } from "../../../../../generated/typescript/validate/order.status.changed.js";
import { Growset, repository, type Serving, token } from "../support/growset.js";

const ending: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

const serve = async (serving: Serving = {}) => {
  const server = await Growset.start(serving);
  ending.push(() => server.stop());
  return server;
};

const order = { orderId: "ord_a" as OrderId, title: "Logo", total: 100 as never, currency: "EUR" as never };

test("a service publishes under a key, and is told what the server makes of it", async () => {
  const server = await serve({ asks: true });
  let seconds = -60;
  const headers = () => ({ authorization: `Bearer ${token(seconds)}` });
  const publish = publishTo(`${server.origin}/publish`, { headers });
  await expect(publish("order.created", { org: "demo" }, order)).rejects.toMatchObject({ status: 401 });
  seconds = 60;
  const key = "ord_a-created";
  const { id } = await publish("order.created", { org: "demo" }, order, { key });
  expect(await publish("order.created", { org: "demo" }, order, { key })).toEqual({ id, repeated: true });
  const refused = await publish("order.created", { org: "demo" }, { ...order, title: "" }).catch(
    (error) => error,
  );
  expect(refused).toBeInstanceOf(PublishError);
  expect(refused.status).toBe(422);
  expect(refused.message).toBe(
    'the payload breaks the contract of `order.created`; /title "" is shorter than 1 character',
  );
});

test("what is published while the server is away arrives once it is back, and once", async () => {
  const server = await serve({ keeps: true });
  const titles: string[] = [];
  const stream = connect(`${server.origin}/events`, {
    events: ["order.created"],
    transport: fetchTransport(),
  });
  ending.push(() => stream.close());
  stream.on("order.created", ({ data }) => titles.push(data.title));
  await expect.poll(() => stream.state.current).toBe("live");
  await server.end("SIGKILL");
  const publish = publishTo(`${server.origin}/publish`, { retryMs: 50, attempts: 1000 });
  const published = publish("order.created", { org: "demo" }, order);
  await expect.poll(() => stream.state.current).toBe("retrying");
  await server.restart();
  await published;
  await publish("order.created", { org: "demo" }, { ...order, title: "Business cards" });
  await expect.poll(() => titles).toEqual(["Logo", "Business cards"]);
});

test("an old package tells what a newer server sends, and hears it all", async () => {
  const catalog = JSON.parse(readFileSync(join(repository, "generated/catalog.json"), "utf8"));
  catalog.events["order.created"].optional = { giftWrap: { type: "boolean" } };
  catalog.types.OrderStatus.enum.lost = { doc: "The carrier has it no more." };
  const folder = mkdtempSync(join(tmpdir(), "growset-"));
  ending.push(() => rmSync(folder, { recursive: true }));
  const newer = join(folder, "catalog.json");
  writeFileSync(newer, JSON.stringify(catalog));
  const server = await serve({ options: ["--catalog", newer] });
  const stream = connect(`${server.origin}/events`, {
    events: ["order.created", "order.status.changed"],
    transport: fetchTransport(),
    validate: [orderCreated, orderMoved],
  });
  ending.push(() => stream.close());
  const told: unknown[] = [];
  stream.onUnknown(({ event, reason, path }: Unknown) => told.push([event, reason, path]));
  const heard: unknown[] = [];
  stream.onAny(({ event, data }) => heard.push([event, data.orderId]));
  await expect.poll(() => stream.state.current).toBe("live");
  const publish = publishTo(`${server.origin}/publish`);
  const gift = { ...order, giftWrap: true };
  await publish("order.created", { org: "demo" }, gift);
  await publish("order.created", { org: "demo" }, order);
  const lost = "lost" as OrderStatus.Known;
  await publish("order.status.changed", { org: "demo" }, { orderId: order.orderId, from: "paid", to: lost });
  await expect.poll(() => heard).toHaveLength(3);
  expect(told).toEqual([
    ["order.created", "field", ["giftWrap"]],
    ["order.status.changed", "value", ["to"]],
  ]);
  expect(stream.unknownCount).toBe(2);
});
