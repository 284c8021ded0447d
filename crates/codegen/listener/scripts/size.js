// Size of each entry as a page pays for it: bundled and minified by esbuild, then gzipped. Fails over budget.
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const CORE = "bind, match";

/** What an import adds to a page that has the core already. */
const entries = [
  { name: "core", from: "client", imports: CORE, budget: 2560, over: 0 },
  { name: "fetchTransport", from: "client", imports: `${CORE}, fetchTransport`, budget: 1024 },
  { name: "pollFallback", from: "client", imports: `${CORE}, pollFallback`, budget: 1024 },
  { name: "shareTabs", from: "client", imports: `${CORE}, shareTabs`, budget: 1024 },
  { name: "react", from: "react", imports: "hooks", budget: 1024, over: 0 },
  { name: "query", from: "query", imports: "invalidateOn, streamedEvents", budget: 1024, over: 0 },
  { name: "publish", from: "publish", imports: "publishTo, PublishError", budget: 1024, over: 0 },
];

export async function bundle(contents, resolveDir = root) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir, loader: "ts" },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    external: ["react", "@tanstack/*"],
    write: false,
  });
  return { text: outputFiles[0].text, size: gzipSync(outputFiles[0].contents, { level: 9 }).length };
}

/** Of our own catalog's validators, the one that costs most. */
const VALIDATORS = "../../../generated/typescript/validate/";
const VALIDATOR_BUDGET = 1024;

/** By script, in the order of their names. */
async function validators(imports) {
  const scripts = readdirSync(`${root}${VALIDATORS}`).filter((file) => file.endsWith(".js"));
  const bundles = scripts.map((file) => bundle(`export { ${imports} } from "${VALIDATORS}${file}";`));
  return (await Promise.all(bundles)).map(({ size }) => size);
}

async function report() {
  let core = 0;
  let failed = false;
  const show = (name, cost, budget) => {
    failed ||= cost > budget;
    const verdict = cost <= budget ? "ok" : "OVER BUDGET";
    console.log(`${name.padEnd(16)}${String(cost).padStart(6)} of ${budget} bytes  ${verdict}`);
  };
  for (const { name, from, imports, budget, over = core } of entries) {
    const { size } = await bundle(`export { ${imports} } from "./src/${from}.ts";`);
    if (!core) core = size;
    show(name, size - over, budget);
  }
  const checks = await validators("is, schema");
  const contracts = await validators("is, schema, contract");
  show("validate", Math.max(...checks), VALIDATOR_BUDGET);
  // What `connect` takes of it costs this much beside it.
  show("contract", Math.max(...contracts.map((size, at) => size - checks[at])), VALIDATOR_BUDGET);
  if (failed) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await report();
