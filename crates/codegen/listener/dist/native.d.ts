import { type NamesOnly } from "./transport.js";
export declare const nativeTransport: NamesOnly;
