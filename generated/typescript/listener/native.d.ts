import { type Transport } from "./transport.js";
export declare const nativeTransport: Transport;
