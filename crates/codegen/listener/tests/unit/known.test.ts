/** What a page is told of payloads that hold more than their contract lists. */
import { describe, expect, test } from "vitest";
import { inside, no, object, schema } from "../../src/check.js";
import { cases, choice, contract, each, fields } from "../../src/known.js";
import { Clock, settle } from "../support/clock.js";
import { connect, record } from "../support/events.js";
import { sources } from "../support/source.js";

// As `generate` writes it: a list of items with a status, or null, a map of them, and a union.
type Part = Readonly<Record<string, never>>;
const isOrder = (value: unknown): boolean =>
  object(value) && (typeof (value as Part).orderId === "string" || no("a string") || inside("orderId"));
const knowsStatus = (value: string) => choice(value, "paid", "in_transit");
const knowsItem = (value: Part) => fields(value, { sku: 0, status: knowsStatus });
const knowsTarget = (value: Part) =>
  cases(value, "kind", { shop: { kind: 0, item: knowsItem }, home: { kind: 0 } });
const order = contract("order.created", isOrder, (value: Part) =>
  fields(value, {
    orderId: 0,
    items: (list: never) => each(list, knowsItem),
    byName: (map: never) => each(map, knowsItem),
    target: knowsTarget,
    next: knowsItem,
  }),
);

const findings = (payload: object) =>
  order.inspect({ orderId: "a", ...payload }).map(({ reason, path }) => `${reason} ${path.join("/")}`);

describe("what a contract does not list", () => {
  test.each([
    [{}, []],
    [{ items: [{ sku: "x", status: "paid" }], byName: {}, target: { kind: "home" }, next: null }, []],
    [{ giftWrap: true }, ["field giftWrap"]],
    [{ constructor: 1, toString: 2 }, ["field constructor", "field toString"]],
    [
      { items: [{ status: "paid" }, { status: "lost", size: 4 }] },
      ["value items/1/status", "field items/1/size"],
    ],
    [{ byName: { "7": { status: "lost" }, constructor: { sku: "x" } } }, ["value byName/7/status"]],
    [{ target: { kind: "moon", crater: 5 } }, ["value target/kind"]],
    [{ target: { kind: "constructor" } }, ["value target/kind"]],
    [{ target: { kind: "home", item: {} } }, ["field target/item"]],
    [{ target: { kind: "shop", item: { status: "" } } }, ["value target/item/status"]],
    [JSON.parse('{"__proto__":{"status":"lost"}}'), ["field __proto__"]],
  ])("of %j is told where it is", (payload, expected) => {
    // Spread sets an own `__proto__`, as JSON does.
    expect(findings(payload)).toEqual(expected);
  });

  test("is told sixteen times at most of one payload", () => {
    expect(findings({ items: Array.from({ length: 100 }, () => ({ status: "lost" })) })).toHaveLength(16);
  });

  test("is not looked for in what is wrong", () => {
    expect(order.inspect({ giftWrap: true })).toEqual([
      { reason: "invalid", message: "expected a string, found nothing", path: ["orderId"] },
    ]);
  });
});

describe("a stream that validates", () => {
  const open = async () => {
    const clock = new Clock();
    const native = sources();
    clock.EventSource = native.EventSource;
    const stream = connect("/events", {
      events: ["order.created", "order.closed"],
      validate: [order],
      environment: clock,
    });
    const told: unknown[] = [];
    stream.onUnknown((unknown) => told.push(unknown));
    const lines = record(stream);
    await settle();
    return { stream, native, told, lines, clock };
  };

  test("delivers what it does not know, and counts it", async () => {
    const { stream, native, told, lines } = await open();
    native.last().send("order.created", { orderId: "a", giftWrap: true, next: { status: "lost" } }, "1-1");
    const frame = {
      event: "order.created",
      data: '{"orderId":"a","giftWrap":true,"next":{"status":"lost"}}',
      id: "1-1",
    };
    expect(told).toEqual([
      { ...frame, reason: "field", path: ["giftWrap"] },
      { ...frame, reason: "value", path: ["next", "status"] },
    ]);
    expect(lines.at(-1)).toBe("order.created a #1-1");
    expect(stream.unknownCount).toBe(2);
  });

  test("delivers what is invalid, and throws nothing", async () => {
    const { stream, native, told, lines, clock } = await open();
    native.last().send("order.created", { orderId: 5 }, "1-1");
    native.last().send("order.closed", { orderId: 5, other: 1 }, "1-2");
    expect(told).toMatchObject([{ reason: "invalid", message: "expected a string", path: ["orderId"] }]);
    expect(lines.slice(-3)).toEqual([
      "unknown invalid order.created",
      "order.created 5 #1-1",
      "order.closed 5 #1-2",
    ]);
    expect(stream.unknownCount).toBe(1);
    expect(clock.reported).toEqual([]);
  });

  test("takes what is nested deeper than any stack", () => {
    const knowsNode = (value: Part): void => fields(value, { next: knowsNode });
    const isNode = (value: unknown): boolean =>
      object(value) && ((value as Part).next === undefined || isNode((value as Part).next));
    const deep = JSON.parse(`${'{"next":'.repeat(50_000)}{}${"}".repeat(50_000)}`);
    const tooDeep = { message: "expected less depth", path: [] };
    expect(contract("deep", () => true, knowsNode).inspect(deep)).toEqual([
      { reason: "invalid", ...tooDeep },
    ]);
    expect(schema(isNode)["~standard"].validate(deep)).toEqual({ issues: [tooDeep] });
    expect(contract("deep", () => true, knowsNode).inspect({ other: 1 })).toHaveLength(1);
  });
});
