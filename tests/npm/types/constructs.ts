// Every construct of the language as a page sees it.

import type {
  Cause, Color, Colour, EventMap, Forest, Hidden, OldShapeId, Outcome, ShapeDrawn, ShapeDrawnMode, ShapeDrawnStepsItem,
  ShapeId, ShapePrinted, Side, Tree, decimal, timestamp,
} from "@example/constructs";

type Equal<Left, Right> =
  (<T>() => T extends Left ? 1 : 2) extends (<T>() => T extends Right ? 1 : 2) ? true : false;
function assert<Holds extends true>(): Holds | void {}

// Leaves.
assert<Equal<ShapeDrawn["flag"], boolean>>();
assert<Equal<ShapeDrawn["count"], number>>();
assert<Equal<ShapeDrawn["anything"], unknown>>();
assert<Equal<ShapeDrawn["nothing"], string | null | undefined>>();
assert<Equal<ShapeDrawn["grid"], readonly (readonly (number | null)[])[]>>();
assert<Equal<ShapeDrawn["scores"], Readonly<Record<string, number>>>>();
assert<Equal<Hidden, string | null>>();
assert<Equal<ShapeDrawn["__proto__"], string | undefined>>();
assert<Equal<ShapeDrawn["content-type"], string | undefined>>();
assert<Equal<Side, "left" | "right">>();
assert<Equal<Forest[string], Forest>>();

// Formats are strings that are not mixed up.
declare const drawn: ShapeDrawn;
const at: timestamp = drawn.at;
const moment = new Date(drawn.at);
// @ts-expect-error a price is no moment
const price: timestamp = drawn.price;
// @ts-expect-error a string may be no decimal
const loose: decimal = "1.0";
const shapeId: ShapeId = drawn.legacyId; // A brand on a brand is both.

// A retired event is no event, but its history still has a type.
// @ts-expect-error retired
type Gone = EventMap["shape.printed"];
declare const printed: ShapePrinted;
const oldId: OldShapeId = printed.shapeId;

// An open enum narrows, and is never exhausted by mistake.
declare const colour: Colour;
if (colour === "red") assert<Equal<typeof colour, "red">>();
const oldColour: Color = colour;
const known: Color.Known = "green" satisfies Colour.Known;
// @ts-expect-error every other value is left
function name(colour: Colour): string {
  switch (colour) {
    case "red": case "green": case "blue": return colour;
  }
}
function shown(colour: Colour): string {
  switch (colour) {
    case "red": return "rose";
    // @ts-expect-error a misspelt case
    case "bleu": return "sea";
    default: return colour; // Whatever it is, it is a string.
  }
}
function exhausted(colour: Colour): never {
  if (colour === "red" || colour === "green" || colour === "blue") throw new Error(colour);
  // @ts-expect-error an unlisted value is left
  return colour;
}
declare const mode: ShapeDrawnMode;
const isFast: boolean = mode === "fast";

// A table over an open enum has a row for the rest, or is partial.
const table: Record<Colour, string> = { red: "rose", green: "leaf", blue: "sea", _: "other" };
const partial: Partial<Record<Colour, string>> = { red: "rose" };
const label: string = partial[colour] ?? colour;
// @ts-expect-error no value is called by the row of the rest
const underscore: Colour = "_";

// A closed enum may be exhausted.
function opposite(side: Side): Side {
  switch (side) {
    case "left": return "right";
    case "right": return "left";
  }
}

// An open union narrows by its tag, and is never exhausted by mistake.
function why(cause: Cause): string {
  switch (cause.kind) {
    case "user": return cause.userId;
    case "system": return `${cause.job} ${cause.attempt ?? 1}`;
    default: return cause.kind;
  }
}
// @ts-expect-error every other case is left
function whyNot(cause: Cause): string {
  switch (cause.kind) {
    case "user": return cause.userId;
    case "system": return cause.job;
  }
}
declare const cause: Cause;
// @ts-expect-error not before the tag is checked
console.log(cause.userId);
if (cause.kind === "user") {
  // @ts-expect-error a field of another case
  console.log(cause.job);
}
// @ts-expect-error a misspelt tag
if (cause.kind === "usr") console.log();

// A closed union may be exhausted.
function outcome(outcome: Outcome): string {
  switch (outcome.result) {
    case "done": return outcome.at;
    case "failed": return outcome.reason;
  }
}
declare const step: ShapeDrawnStepsItem;
if (step.op === "move") console.log(step.by.left);

declare const tree: Tree;
const names: readonly string[] = tree.children.map((child) => child.parent?.name ?? child.name);
// @ts-expect-error what came is not changed
tree.children.push(tree);

export { at, moment, price, loose, shapeId, oldId, oldColour, known, name, shown, exhausted, isFast, table, label };
export { underscore, opposite, why, whyNot, outcome, names };
export type { Gone };
