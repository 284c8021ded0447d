// What an editor makes of a contract: the real YAML language server with the generated schemas.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { LanguageServer } from "./language-server.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const repository = path.resolve(here, "../..");
const server = path.join(here, "node_modules/yaml-language-server/bin/yaml-language-server");
const settings = {
  yaml: { validate: true, hover: true, completion: true, format: { enable: false }, schemaStore: { enable: false } },
};

let editor;

before(async () => {
  editor = new LanguageServer(process.execPath, [server, "--stdio"]);
  await editor.start(repository, settings);
});

after(() => editor.stop());

const contract = (lines) =>
  ["# yaml-language-server: $schema=../../generated/editor/contract.schema.json", ...lines, ""].join("\n");

// Opens a contract; `|` marks the cursor.
async function open(name, lines) {
  const marked = contract(lines);
  const offset = marked.indexOf("|");
  const text = marked.replace("|", "");
  const before = marked.slice(0, Math.max(offset, 0)).split("\n");
  const position = { line: before.length - 1, character: before.at(-1).length };
  const opened = await editor.open(path.join(repository, "contracts/orders", name), text);
  return { ...opened, at: { textDocument: { uri: opened.uri }, position } };
}

async function completions(name, lines) {
  const { at } = await open(name, lines);
  const { items } = await editor.request("textDocument/completion", at);
  return items;
}

test("a type of the catalog is completed with what it means", async () => {
  const items = await completions("complete.type.yaml", [
    "event: order.shown",
    "audience: org",
    "fields:",
    "  orderId: |",
  ]);
  const labels = items.map((item) => item.label);
  for (const label of ["OrderId", "string", "timestamp", "list<…>"]) {
    assert.ok(labels.includes(label), `${label} is not among ${labels}`);
  }
  const documentation = JSON.stringify(items.find((item) => item.label === "OrderId").documentation);
  assert.match(documentation, /order/i);
});

test("the audiences are completed", async () => {
  const items = await completions("complete.audience.yaml", ["event: order.shown", "audience: |", "fields: {}"]);
  assert.deepEqual(items.map((item) => item.label).sort(), ["channel", "org", "public", "user"]);
});

test("keys that are not there yet are completed", async () => {
  const items = await completions("complete.key.yaml", [
    "event: order.shown",
    "audience: org",
    "fields:",
    "  title:",
    "    type: string",
    "    |",
  ]);
  const labels = items.map((item) => item.label);
  assert.ok(labels.includes("max_length"), `max_length is not among ${labels}`);
  assert.ok(!labels.includes("audience"));
});

test("a key explains itself when the mouse rests on it", async () => {
  const { at } = await open("hover.yaml", ["event: order.shown", "audi|ence: org", "fields: {}"]);
  const { contents } = await editor.request("textDocument/hover", at);
  assert.match(contents.value, /Who receives it/);
});

test("an unknown key is underlined, and nothing else", async () => {
  const { diagnostics } = await open("squiggle.yaml", [
    "event: order.shown",
    "audience: org",
    "feilds: {}",
    "fields:",
    "  title: { type: string, max_length: 80, doc: What was ordered. }",
  ]);
  assert.equal(diagnostics.length, 1);
  assert.match(diagnostics[0].message, /feilds/);
  assert.deepEqual(diagnostics[0].range, { start: { line: 3, character: 0 }, end: { line: 3, character: 6 } });
});

test("an unknown key of a field is underlined", async () => {
  const { diagnostics } = await open("squiggle.field.yaml", [
    "event: order.shown",
    "audience: org",
    "fields:",
    "  title: { type: string, max_lenght: 80 }",
  ]);
  assert.ok(diagnostics.some(({ message, range }) => /max_lenght/.test(message) && range.start.line === 4));
});

test("every construct of the language is taken without a squiggle", async () => {
  const { diagnostics } = await open("everything.yaml", [
    "event: order.shown.v2",
    "owner: orders",
    "audience: org",
    "doc: Everything at once.",
    "stability: draft",
    'deprecated: { use: order.created, sunset: "2027-06-30", reason: Came too early. }',
    "replaces: order.created",
    "retain: { latest_by: [orderId] }",
    "terminal: true",
    "max_bytes: 1024",
    'retired: { since: "2027-07-01", use: order.created }',
    "fields:",
    "  orderId: { type: OrderId, from: orderId }",
    "  one: list<map<nullable<OrderId>>>",
    "  two: { list: { nullable: { map: { type: string, min_length: 1 } } }, unique: true, min_items: 1, max_items: 3 }",
    "  side: { enum: { buy: , sell: What is sold., swap: { doc: Both., deprecated: no more } }, closed: true }",
    "  cause:",
    "    union: kind",
    "    cases: { user: { fields: { userId: uuid } }, nobody: }",
    "    from_value: { kind: nobody }",
    "  whole: { json_schema: { type: [string, integer] } }",
    "  inner: { fields: { a: string }, optional: { b: { type: integer, min: 0, max: 5, default: 3 } } }",
    "optional:",
    '  code: { type: string, pattern: "^[a-z]+$", pii: true, example: abc, deprecated: { reason: No more. } }',
    "derived:",
    "  shown: { type: string, from: { money: [total, currency] } }",
    "examples:",
    "  - { orderId: ord_7f3k }",
  ]);
  assert.deepEqual(diagnostics, []);
});
