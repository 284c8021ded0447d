// A library that exports what it makes of these types: its own declarations must be able to name them.

import type { Cause, Colour, ShapeId } from "@example/constructs";

export const notRed = (colour: Colour, shapeId: ShapeId) => (colour === "red" ? null : { colour, shapeId });
export const withoutUser = (cause: Cause) => (cause.kind === "user" ? null : cause);
