// The generated validators of two events beside ajv standalone, zod and valibot: bytes, and time for a payload that passes.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Ajv from "ajv/dist/2020.js";
import standalone from "ajv/dist/standalone/index.js";
import { bundle } from "../scripts/size.js";

const generated = fileURLToPath(new URL("../../../../generated", import.meta.url));
const made = fileURLToPath(new URL("../node_modules/.bench", import.meta.url));

/** The same contracts as people write them for each library: open objects, code points left to the library. */
const written = {
  "order.created": {
    zod: `z.looseObject({
      orderId: z.string().regex(/^ord_[a-z0-9]+$/), title: z.string().min(1).max(200),
      total: z.int().min(0), currency: z.string().regex(/^[A-Z]{3}$/), displayAmount: z.string().optional() })`,
    valibot: `v.looseObject({
      orderId: v.pipe(v.string(), v.regex(/^ord_[a-z0-9]+$/)), title: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
      total: v.pipe(v.number(), v.safeInteger(), v.minValue(0)), currency: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/)),
      displayAmount: v.optional(v.string()) })`,
  },
  "dispute.resolved": {
    zod: `(() => {
      const money = z.looseObject({ amount: z.int().min(0), currency: z.string().regex(/^[A-Z]{3}$/) });
      const id = (start) => z.string().regex(new RegExp("^" + start + "_[a-z0-9]+$"));
      const known = z.discriminatedUnion("outcome", [
        z.looseObject({ outcome: z.literal("refunded"), refund: money }),
        z.looseObject({ outcome: z.literal("upheld"), milestoneIds: z.array(id("mil")).min(1) }),
        z.looseObject({ outcome: z.literal("split"), refund: money, payout: money, note: z.string().max(500).optional() })]);
      return z.looseObject({ orderId: id("ord"), disputeId: id("dsp"), resolution: known });
    })()`,
    valibot: `(() => {
      const money = v.looseObject({ amount: v.pipe(v.number(), v.safeInteger(), v.minValue(0)), currency: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/)) });
      const id = (start) => v.pipe(v.string(), v.regex(new RegExp("^" + start + "_[a-z0-9]+$")));
      const known = v.variant("outcome", [
        v.looseObject({ outcome: v.literal("refunded"), refund: money }),
        v.looseObject({ outcome: v.literal("upheld"), milestoneIds: v.pipe(v.array(id("mil")), v.minLength(1)) }),
        v.looseObject({ outcome: v.literal("split"), refund: money, payout: money, note: v.optional(v.pipe(v.string(), v.maxLength(500))) })]);
      return v.looseObject({ orderId: id("ord"), disputeId: id("dsp"), resolution: known });
    })()`,
  },
};

const payloads = {
  "order.created": { orderId: "ord_7f3k", title: "Logo redesign", total: 123450, currency: "EUR" },
  "dispute.resolved": {
    orderId: "ord_7f3k",
    disputeId: "dsp_1",
    resolution: {
      outcome: "split",
      refund: { amount: 100, currency: "EUR" },
      payout: { amount: 50, currency: "EUR" },
    },
  },
};

/** Code of ajv's own making, with the schema that is published for listeners. */
function ajvModule(event) {
  const schema = JSON.parse(readFileSync(`${generated}/schemas/${event}.json`, "utf8"));
  const ajv = new Ajv({ code: { source: true, esm: true }, strict: false, validateFormats: false });
  return standalone(ajv, ajv.compile(schema)).replace("export default", "export const is =");
}

const sources = {
  growset: (event) => `export { is } from "${generated}/typescript/validate/${event}.js";`,
  "ajv standalone": ajvModule,
  valibot: (event) =>
    `import * as v from "valibot"; const s = ${written[event].valibot}; export const is = (value) => v.safeParse(s, value).success;`,
  zod: (event) =>
    `import * as z from "zod"; const s = ${written[event].zod}; export const is = (value) => s.safeParse(value).success;`,
};

async function load(name, event) {
  const { text, size } = await bundle(sources[name](event));
  const file = `${made}.${name.replace(" ", "-")}.${event}.mjs`;
  writeFileSync(file, text);
  const { is } = await import(file);
  rmSync(file);
  if (!is(payloads[event]) || is({})) throw new Error(`${name} judges ${event} differently`);
  return { name, size, is, best: Number.POSITIVE_INFINITY };
}

const CALLS = 100_000;

function round(contender, payload) {
  const from = performance.now();
  let passed = 0;
  for (let call = 0; call < CALLS; call++) if (contender.is(payload)) passed++;
  if (passed !== CALLS) throw new Error(`${contender.name} changed its mind`);
  contender.best = Math.min(contender.best, ((performance.now() - from) * 1e6) / CALLS);
}

/** Rounds of all in turn; the best round counts. */
export async function validators() {
  console.log(
    "\nValidators, one event each: bytes bundled, minified, gzipped; time for a payload that passes\n",
  );
  for (const event of Object.keys(written)) {
    const contenders = [];
    for (const name of Object.keys(sources)) contenders.push(await load(name, event));
    for (let at = 0; at < 15; at++) for (const contender of contenders) round(contender, payloads[event]);
    const [{ best: ours }] = contenders;
    for (const { name, size, best } of contenders) {
      const time = `${best.toFixed(0)} ns`.padStart(10);
      console.log(
        `${event.padEnd(20)}${name.padEnd(16)}${`${size}`.padStart(7)} B${time}${(best / ours).toFixed(1).padStart(7)}x`,
      );
    }
  }
}
