/** The entry `./client`, but for `connect` and `match`, which each generated package binds to its own events. */
export { fetchTransport } from "./fetch.js";
export { match } from "./match.js";
export { nativeTransport } from "./native.js";
export { pollFallback } from "./poll.js";
export { shareTabs } from "./share.js";
export { bind, } from "./stream.js";
