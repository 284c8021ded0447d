import type { AnyName, NamesOnly, Transport } from "./transport.js";
export interface ShareSettings {
    /**
     * Tabs share under the same key and the same names. The address unless told: tell it where headers say who the user is,
     * with the user in it, and where the address is another one in each tab.
     */
    readonly key?: string | undefined;
    /** What the leading tab connects with. The browser's `EventSource` unless told. */
    readonly transport?: Transport | undefined;
}
/** What the tabs hear is what their connection brings. */
interface ShareTabs {
    (settings: ShareSettings & {
        readonly transport: AnyName;
    }): AnyName;
    (settings?: ShareSettings & {
        readonly transport?: NamesOnly | undefined;
    }): NamesOnly;
}
/** Where the browser lacks Web Locks (on plain http, too), each tab connects for itself. */
export declare const shareTabs: ShareTabs;
export {};
