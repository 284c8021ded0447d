// The descriptions of the server's routes, before judges that others wrote.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import asyncapi from "@asyncapi/specs";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv } from "ajv";

import { repository } from "./packages.mjs";

const generated = path.join(repository, "generated");
const read = (...names) => JSON.parse(readFileSync(path.join(generated, ...names), "utf8"));
const config = await createConfig({ extends: ["spec"] });

/**
 * What Redocly complains about in a document that lies beside the schemas, following its references. Not in the schemas: they
 * are of JSON Schema 2020-12, where AsyncAPI thinks of draft 7, and other tests judge them.
 */
async function complaints(name, document) {
  const absoluteRef = path.join(generated, name);
  const problems = await lintFromString({ source: JSON.stringify(document), absoluteRef, config });
  const own = problems.filter(({ location: [{ source }] }) => source.absoluteRef === absoluteRef);
  return own.map(({ message, location: [{ pointer }] }) => `${pointer}: ${message}`);
}

/** What the official schema of OpenAPI says, of the version that the document names. */
async function isOpenApi(document) {
  const validator = new Validator();
  for (const name of readdirSync(path.join(generated, "schemas"))) {
    await validator.addSpecRef(read("schemas", name), `./schemas/${name}`);
  }
  const { valid, errors } = await validator.validate(document);
  return { valid, version: validator.version, errors };
}

/** What the official schema of AsyncAPI says. */
function isAsyncApi(document) {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const schema = asyncapi.schemasWithoutId[document.asyncapi];
  return { valid: ajv.validate(schema, document), errors: ajv.errors };
}

test("openapi.json is a document of OpenAPI 3.2", async () => {
  const document = read("openapi.json");
  assert.deepEqual(await isOpenApi(document), { valid: true, version: "3.2", errors: undefined });
  assert.deepEqual(await complaints("openapi.json", document), []);
});

test("asyncapi.json is a document of AsyncAPI 3.0", async () => {
  const document = read("asyncapi.json");
  assert.deepEqual(isAsyncApi(document), { valid: true, errors: null });
  assert.deepEqual(await complaints("asyncapi.json", document), []);
});

test("the judges find what is wrong", async () => {
  const wrong = (name, change) => {
    const document = read(name);
    change(document);
    return document;
  };
  for (const change of [
    (document) => delete document.info,
    (document) => (document.paths["/poll"].get.parameters[0] = { name: "x", in: "nowhere" }),
    (document) => (document.components.responses.Stream.content["text/event-stream"].itemSchema = 3),
  ]) {
    const document = wrong("openapi.json", change);
    assert.equal((await isOpenApi(document)).valid, false);
    assert.notDeepEqual(await complaints("openapi.json", document), []);
  }
  const strange = wrong("openapi.json", ({ components }) => (components.schemas.Published.properties.id.type = "strin"));
  assert.notDeepEqual(await complaints("openapi.json", strange), []);
  for (const change of [(document) => delete document.info, (document) => (document.channels.events.messages = [])]) {
    const document = wrong("asyncapi.json", change);
    assert.equal(isAsyncApi(document).valid, false);
    assert.notDeepEqual(await complaints("asyncapi.json", document), []);
  }
  for (const $ref of ["#/components/messages/nothing", "./schemas/nothing.json"]) {
    const loose = wrong("asyncapi.json", ({ channels }) => (channels.events.messages["order.created"].$ref = $ref));
    assert.notDeepEqual(await complaints("asyncapi.json", loose), []);
  }
});
