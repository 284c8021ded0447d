// Contracts whose every text tries to leave its place: the output holds declarations only, and means the same.

import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import ts from "typescript6";

import { packageFolder, packageNames, read } from "./packages.mjs";

const expected = JSON.parse(read("hostile", "expected.json"));
const program = ts.createProgram(["index", "dom", "publish", "testing"].map((name) => path.join(packageFolder("hostile"), `${name}.d.ts`)), {
  strict: true,
  noEmit: true,
  types: [],
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
  module: ts.ModuleKind.NodeNext,
});
const checker = program.getTypeChecker();
const file = program.getSourceFile(path.join(packageFolder("hostile"), "index.d.ts"));
const declarations = new Map(checker.getExportsOfModule(checker.getSymbolAtLocation(file)).map((symbol) => [symbol.name, symbol]));
const typeOf = (name) => checker.getDeclaredTypeOfSymbol(declarations.get(name));
const literals = (type) => type.types.filter((part) => part.isStringLiteral() && !(part.flags & ts.TypeFlags.EnumLiteral)).map((part) => part.value);

test("the declarations are without an error", () => {
  const problems = ts.getPreEmitDiagnostics(program).map((problem) => ts.flattenDiagnosticMessageText(problem.messageText, "\n"));
  assert.deepEqual(problems, []);
});

for (const name of packageNames) {
  test(`the declarations of ${name} declare, and do nothing else`, () => {
    const source = parse(name, "index.d.ts");
    assert.deepEqual(source.parseDiagnostics, []);
    for (const statement of source.statements) {
      assert.ok(isDeclaration(statement), statement.getText(source));
    }
    assert.deepEqual([source.referencedFiles, source.typeReferenceDirectives, source.libReferenceDirectives], [[], [], []]);
    assert.equal(source.checkJsDirective, undefined);
    const script = parse(name, "index.js");
    assert.deepEqual(script.parseDiagnostics, []);
    for (const statement of script.statements) {
      assert.ok(isConstant(statement), statement.getText(script));
    }
  });
}

test("every literal means what the contract says", () => {
  assert.deepEqual(literals(typeOf("Open")).sort(), [...expected.values].sort());
  assert.deepEqual(literals(typeOf("Closed")).sort(), [...expected.values].sort());
  for (const union of ["OpenUnion", "ClosedUnion"]) {
    const tags = typeOf(union).types.map((part) => checker.getTypeOfSymbol(part.getProperty("___proto__") ?? part.getProperty("__proto__")));
    const known = tags.filter((tag) => tag.isStringLiteral() && !(tag.flags & ts.TypeFlags.EnumLiteral)).map((tag) => tag.value);
    assert.deepEqual(known.sort(), [...expected.tags].sort());
  }
});

test("every field and event is called what the contract calls it", () => {
  const fields = typeOf("Class").getProperties().map((property) => ts.unescapeLeadingUnderscores(property.escapedName));
  assert.deepEqual(fields.sort(), [...expected.fields].sort());
  const events = typeOf("EventMap").getProperties().map((property) => ts.unescapeLeadingUnderscores(property.escapedName));
  assert.deepEqual(events.sort(), [...expected.events].sort());
});

test("no text of a contract becomes a tag, a link or a hidden character", () => {
  const tags = new Set(["deprecated", "example", "defaultValue"]);
  for (const name of packageNames) {
    const source = parse(name, "index.d.ts");
    visit(source, (node) => {
      for (const comment of node.jsDoc ?? []) {
        const counts = new Map();
        for (const tag of comment.tags ?? []) {
          assert.ok(tags.has(tag.tagName.text), tag.getText(source));
          counts.set(tag.tagName.text, (counts.get(tag.tagName.text) ?? 0) + 1);
        }
        assert.ok((counts.get("deprecated") ?? 0) <= 1, comment.getText(source));
        const links = Array.isArray(comment.comment) ? comment.comment.filter((part) => part.kind !== ts.SyntaxKind.JSDocText) : [];
        for (const link of links) {
          assert.equal(link.name.getText(source), "EventMap", "the only link of ours in prose");
        }
      }
    });
    // Line feeds and spaces are the only controls; nothing turns the direction of reading.
    assert.doesNotMatch(source.text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]/u);
  }
});

test("the example of an event is JSON that means the same", () => {
  const declaration = declarations.get("Class").declarations[0];
  const [example] = ts.getJSDocTags(declaration).filter((tag) => tag.tagName.text === "example");
  const lines = ts.getTextOfJSDocComment(example.comment).replace(/^```json\n/, "").replace(/\n```$/, "");
  assert.deepEqual(JSON.parse(lines).deep.list, expected.values);
});

test("the examples that tests of applications get are those of the contracts, and nothing runs", async () => {
  const { fixture } = await import(pathToFileURL(path.join(packageFolder("hostile"), "testing.js")));
  assert.deepEqual(fixture("class").data.deep.list, expected.values);
  assert.equal(globalThis.PWNED, undefined);
});

function parse(name, fileName) {
  return ts.createSourceFile(fileName, read(name, fileName), ts.ScriptTarget.ESNext, true);
}

function visit(node, look) {
  look(node);
  ts.forEachChild(node, (child) => visit(child, look));
}

function isDeclaration(statement) {
  if (ts.isVariableStatement(statement)) {
    const isAmbient = statement.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.DeclareKeyword);
    return isAmbient && statement.declarationList.declarations.every((declaration) => !declaration.initializer);
  }
  if (ts.isModuleDeclaration(statement)) {
    return statement.body.statements.every(ts.isTypeAliasDeclaration);
  }
  return ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement) || isOwn(statement);
}

/** The one enum, and the line that keeps it a type. */
function isOwn(statement) {
  return (ts.isEnumDeclaration(statement) && statement.name.text === "unlisted") || (ts.isExportDeclaration(statement) && statement.isTypeOnly);
}

function isConstant(statement) {
  if (!ts.isVariableStatement(statement)) {
    return false;
  }
  return statement.declarationList.declarations.every(({ initializer }) => {
    const isList = ts.isArrayLiteralExpression(initializer) && initializer.elements.every(ts.isIdentifier);
    return isList || ts.isStringLiteral(initializer);
  });
}
