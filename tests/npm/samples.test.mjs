// What Rust prints for JavaScript means the same there: escaped texts, and patterns.

import assert from "node:assert/strict";
import path from "node:path";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import ts from "typescript6";

import { packageFolder } from "./packages.mjs";

const samples = (name) => JSON.parse(readFileSync(path.join(packageFolder("."), name), "utf8"));
const escapes = samples("escapes.json");
const hidden = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u;

test("a literal means its text, and cannot leave a script element", () => {
  const values = new Function(`return [${escapes.map(({ literal }) => literal).join(",\n")}]`)();
  assert.deepEqual(values, escapes.map(({ text }) => text));
  for (const { literal, json, text } of escapes) {
    assert.doesNotMatch(literal, hidden);
    assert.doesNotMatch(literal, /<\/|<!--|-->|\*\/|\$\{/);
    assert.equal(JSON.parse(json), text);
    assert.doesNotMatch(json, hidden);
    assert.doesNotMatch(json, /<\/|<!--|-->|\*\/|\$\{|`|\{@|\s@/);
  }
});

test("a property is called what it is called", () => {
  for (const { property, text } of escapes) {
    const object = new Function(`return { ${property}: 1 }`)();
    assert.deepEqual(Reflect.ownKeys(object), [text]);
  }
});

test("a comment ends where it should, and holds no tag and no link", () => {
  const comments = escapes.map(({ comment }, at) => `/**\n${comment.map((line) => ` * ${line}`).join("\n")}\n */\ninterface I${at} {}\n`);
  const source = ts.createSourceFile("comments.ts", comments.join(""), ts.ScriptTarget.ESNext, true);
  assert.deepEqual(source.parseDiagnostics, []);
  assert.equal(source.statements.length, escapes.length);
  source.statements.forEach((statement, at) => {
    const [comment] = statement.jsDoc ?? [];
    assert.equal(comment?.tags, undefined, comments[at]);
    assert.ok(comment === undefined || comment.comment === undefined || typeof comment.comment === "string", comments[at]);
    assert.doesNotMatch(comments[at], hidden);
  });
});

test("a pattern means in JavaScript what it means in Rust, and never hangs", () => {
  for (const { source, portable, texts } of samples("patterns.json")) {
    const pattern = new RegExp(portable, "u");
    for (const [text, matches] of texts) {
      assert.equal(pattern.test(text), matches, `/${portable}/u (${source}) on ${JSON.stringify(text)}`);
    }
    // A search without an anchor is quadratic at worst: 30 ms here. What hangs takes longer than anyone waits.
    const repeated = (texts[0][0].slice(0, 1) || "a").repeat(2000);
    const start = process.cpuUsage().user;
    pattern.test(`${repeated}\u0000`);
    assert.ok(process.cpuUsage().user - start < 2_000_000, `/${portable}/u hangs`);
  }
});
