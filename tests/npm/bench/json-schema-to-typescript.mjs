// A peer for `cargo xtask bench codegen`: makes typings alone, from the schemas that `growset generate` wrote.
// usage: node json-schema-to-typescript.mjs <folder of schemas> <file to write> [--format]
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "json-schema-to-typescript";

const [folder, output, flag] = process.argv.slice(2);
const names = readdirSync(folder).filter((name) => name.endsWith(".json") && !name.endsWith(".publish.json"));
const parts = [];
for (const name of names) {
  const schema = JSON.parse(readFileSync(join(folder, name), "utf8"));
  parts.push(
    await compile(schema, name.replace(/\.json$/, ""), {
      bannerComment: "",
      format: flag === "--format",
      $refOptions: { resolve: { external: false } },
    }),
  );
}
writeFileSync(output, parts.join("\n"));
