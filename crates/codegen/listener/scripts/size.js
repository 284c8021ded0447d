// Size of each entry as a page pays for it: the generated package over these sources, bundled and minified by esbuild, then
// gzipped. Fails over budget, and where a README gives another figure.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const repository = fileURLToPath(new URL("../../../..", import.meta.url));
const PACKAGE = `${repository}/generated/typescript/`;

/** What an import adds to a page that has `connect` already. */
const entries = [
  { name: "connect", imports: "connect", budget: 2560, over: 0 },
  { name: "match", imports: "connect, match", budget: 128 },
  { name: "fetchTransport", imports: "connect, fetchTransport", budget: 1024 },
  { name: "pollFallback", imports: "connect, pollFallback", budget: 1024 },
  { name: "shareTabs", imports: "connect, shareTabs", budget: 1024 },
  { name: "react", from: "react", imports: "useEvent, useEvents, useConnectionState", budget: 1024 },
  { name: "query", from: "query", imports: "invalidateOn, streamedEvents", budget: 1024, over: 0 },
  { name: "publish", from: "publish", imports: "publishTo, PublishError", budget: 1024, over: 0 },
];

/** The package's own listener is what was compiled last; these sources may be newer. */
const sources = {
  name: "sources",
  setup({ onResolve }) {
    onResolve({ filter: /\/listener\/\w+\.js$/ }, ({ path }) => ({
      path: `${root}src/${path.split("/").at(-1).replace(".js", ".ts")}`,
    }));
  },
};

export async function bundle(contents, resolveDir = root) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir, loader: "ts" },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    external: ["react", "@tanstack/*"],
    plugins: [sources],
    write: false,
  });
  return { text: outputFiles[0].text, size: gzipSync(outputFiles[0].contents, { level: 9 }).length };
}

/** A page that imports this of the package. */
export const page = (imports, from = "client") => `export { ${imports} } from "${PACKAGE}${from}.js";`;

/** Of our own catalog's validators, the one that costs most; `contract` is what `connect` takes of it. */
async function validators(imports) {
  const scripts = readdirSync(`${PACKAGE}validate`).filter((file) => file.endsWith(".js"));
  const sizes = scripts.map((file) => bundle(page(imports, `validate/${file.slice(0, -3)}`)));
  return Math.max(...(await Promise.all(sizes)).map(({ size }) => size));
}

async function report() {
  let core = 0;
  let failed = false;
  const show = (name, cost, budget) => {
    failed ||= cost > budget;
    const verdict = cost <= budget ? "ok" : "OVER BUDGET";
    console.log(`${name.padEnd(24)}${String(cost).padStart(6)} of ${budget} bytes  ${verdict}`);
  };
  for (const { name, from, imports, budget, over = core } of entries) {
    const { size } = await bundle(page(imports, from));
    if (!core) core = size;
    show(name, size - over, budget);
  }
  show("validate", await validators("is, schema"), 1024);
  show("validate with contract", await validators("is, schema, contract"), 1331);
  const told = /in (\S+) KB/.exec(readFileSync(`${repository}/README.md`, "utf8"))?.[1];
  const figure = (core / 1024).toFixed(1);
  if (told !== figure) console.log(`README.md says ${told} KB, and it is ${figure}`);
  if (failed || told !== figure) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await report();
