// What an editor makes of the package: go to definition, completion, hover, strike-through.

import assert from "node:assert/strict";
import { readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import { after, test } from "node:test";

import { here, link, packageFolder, repository } from "./packages.mjs";
import { EditorService } from "./tsserver.mjs";

link("events", "constructs");
const file = path.join(here, "types/editor.ts");
const lines = readFileSync(file, "utf8").split("\n");
const editor = new EditorService();
editor.open(file);
after(() => editor.close());

/** The place of the last word of `text`, which stands in the file once. */
function place(text) {
  const line = lines.findIndex((line) => line.includes(text));
  assert.notEqual(line, -1, text);
  const word = /\w+$/.exec(text)[0];
  return { file, line: line + 1, offset: lines[line].indexOf(text) + text.length - word.length + 1 };
}

/** Where go-to-definition leads: the contract and the text it marks. */
async function definition(text) {
  const [{ file, start, end }] = await editor.request("definition", place(text));
  const marked = readFileSync(file, "utf8").split("\n")[start.line - 1].slice(start.offset - 1, end.offset - 1);
  return `${path.relative(realpathSync(packageFolder("events")), file).replaceAll("\\", "/")}:${start.line} ${marked}`;
}

/** The line of our own contracts that holds a text. */
function lineOf(contract, text) {
  const lines = readFileSync(path.join(repository, "contracts", contract), "utf8").split("\n");
  return lines.findIndex((line) => line.includes(text)) + 1;
}

test("go to definition leads from a type, a field and an event to its line in the contract", async () => {
  const created = "orders/order.created.yaml";
  assert.equal(await definition("order: OrderCreated"), `contracts/${created}:${lineOf(created, "event:")} order.created`);
  assert.equal(await definition("order.total"), `contracts/${created}:${lineOf(created, "  total:")} total`);
  assert.equal(await definition('EventMap["order.created'), `contracts/${created}:${lineOf(created, "event:")} order.created`);
  const types = "orders/orders.types.yaml";
  assert.equal(await definition("status: OrderStatus"), `contracts/${types}:${lineOf(types, "OrderStatus:")} OrderStatus`);
  const disputes = "disputes/disputes.types.yaml";
  assert.equal(await definition("resolution.note"), `contracts/${disputes}:${lineOf(disputes, "note:")} note`);
});

test("the values of an open enum are completed", async () => {
  const { entries } = await editor.request("completionInfo", place('status === "paid'));
  const names = entries.map((entry) => entry.name);
  assert.deepEqual(names, ["created", "paid", "in_progress", "in_transit", "delivered", "cancelled"]);
});

test("hovering a field shows its doc", async () => {
  const { documentation, displayString } = await editor.request("quickinfo", place("order.total"));
  assert.match(displayString, /OrderCreated\.total: number/);
  assert.match(JSON.stringify(documentation), /What the buyer will pay, taxes included\./);
});

test("a deprecated event is struck through", async () => {
  const found = await editor.request("suggestionDiagnosticsSync", { file });
  const struck = found.filter((suggestion) => suggestion.reportsDeprecated).map(({ start }) => lines[start.line - 1].slice(start.offset - 1));
  assert.ok(struck.some((text) => text.startsWith("ORDER_UPDATE")), JSON.stringify(found));
});
