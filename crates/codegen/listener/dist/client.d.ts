/** The entry `./client`, but for `connect` and `match`, which each generated package binds to its own events. */
export type { Address, Settings } from "./connection.js";
export type { Unsubscribe } from "./dispatcher.js";
export type { Channel, Environment, HeadersLike, Locks, Source } from "./environment.js";
export { type FetchSettings, fetchTransport } from "./fetch.js";
export type { ControlEventMap, ControlName, Frame, Gap } from "./frame.js";
export type { Contract, Finding } from "./known.js";
export { type Match, match } from "./match.js";
export { nativeTransport } from "./native.js";
export type { Meant, Names, Newer, NewerName, Pattern } from "./pattern.js";
export { type Fallback, type PollSettings, pollFallback } from "./poll.js";
export { type ShareSettings, shareTabs } from "./share.js";
export type { ConnectionState, StateStore } from "./state.js";
export { bind, type Connect, type EventOf, type Handler, type Hears, type Options, type Stream, type Unknown, } from "./stream.js";
export type { AnyName, Attempt, Line, NamesOnly, Subscription, Transport } from "./transport.js";
