// The validators say what the schemas say, of payloads that a judge of schemas was asked about first.

import assert from "node:assert/strict";
import path from "node:path";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { packageFolder } from "./packages.mjs";

const folder = packageFolder("validators");
const judged = JSON.parse(readFileSync(path.join(folder, "judged.json"), "utf8"));
const load = (module) => import(pathToFileURL(path.join(folder, module)));

test("a validator takes what the schema for listeners takes, and nothing else", async () => {
  const counts = { true: 0, false: 0 };
  for (const { module, isWhole, payloads } of judged) {
    const { is, schema } = await load(module);
    for (const [payload, isOne] of payloads) {
      if (isWhole && !isOne) continue;
      const about = `${module}: ${JSON.stringify(payload)}`;
      assert.equal(is(payload), isOne, about);
      const { issues, value } = schema["~standard"].validate(payload);
      if (isOne) {
        assert.equal(value, payload);
      } else {
        assert.match(issues[0].message, /^expected /, about);
        // The path leads to where something is wrong, or missing.
        assert.doesNotThrow(() => issues[0].path.reduce((part, key) => part[key], payload), about);
      }
      counts[isOne]++;
    }
  }
  assert.ok(counts.true > 2000 && counts.false > 2000, JSON.stringify(counts));
});

test("a contract tells what it does not list, and nothing else", async () => {
  const counts = { true: 0, false: 0 };
  for (const { module, isWhole, payloads } of judged) {
    const { contract } = await load(module);
    for (const [payload, isOne, isListed] of payloads) {
      if (isWhole) continue;
      const about = `${module}: ${JSON.stringify(payload)}`;
      const findings = contract.inspect(payload);
      assert.equal(findings.some(({ reason }) => reason === "invalid"), !isOne, about);
      if (!isOne) continue;
      assert.equal(findings.length === 0, isListed, about);
      for (const { reason, path } of findings) {
        const found = path.reduce((part, key) => part[key], payload);
        assert.ok(reason === "field" || typeof found === "string", about);
      }
      counts[isListed]++;
    }
  }
  assert.ok(counts.true > 1000 && counts.false > 200, JSON.stringify(counts));
});

test("a validator says what was expected where", async () => {
  const { schema } = await load("platform/validate/order.status.changed.js");
  const issues = (payload) => schema["~standard"].validate(payload).issues;
  assert.deepEqual(issues({ orderId: "ord_1", from: "paid", to: 5 }), [{ message: "expected a string", path: ["to"] }]);
  assert.deepEqual(issues({ orderId: "ord_1", from: "paid" }), [{ message: "expected a string, found nothing", path: ["to"] }]);
  assert.deepEqual(issues([]), [{ message: "expected an object", path: [] }]);
  const { vendor, version } = schema["~standard"];
  assert.deepEqual([vendor, version], ["growset", 1]);
});
