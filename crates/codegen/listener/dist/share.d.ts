import type { Transport } from "./transport.js";
export interface ShareSettings {
    /** Tabs share only under the same key: put the user in it where headers say who that is. */
    readonly key?: string;
    /** What the leading tab connects with. The browser's `EventSource` unless told. */
    readonly transport?: Transport;
}
/** Where the browser lacks Web Locks (on plain http, too), each tab connects for itself. */
export declare const shareTabs: ({ key, transport }?: ShareSettings) => Transport;
