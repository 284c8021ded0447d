/** Patterns beside names: `order.*` asks for every event whose name begins so, those of a newer server included. */
export type Names<EventMap> = keyof EventMap & string;
type Begun<Name extends string> = Name extends `${infer Head}.${infer Rest}` ? `${Head}.*` | `${Head}.${Begun<Rest>}` : never;
/** The patterns that some event of the contracts fits, `*` among them. */
export type Pattern<EventMap> = "*" | Begun<Names<EventMap>>;
/** The events of the contracts that names and patterns speak of. */
export type Meant<EventMap, Wanted extends string> = Wanted extends `${infer Head}*` ? Extract<Names<EventMap>, `${Head}${string}`> : Extract<Names<EventMap>, Wanted>;
/** The name of an event that this package does not know. Code that names it `_` is for the rest, as in `match`. */
export declare enum NewerName {
    _ = "_"
}
/** What a pattern may also bring: an event of a newer server. */
export interface Newer {
    readonly event: NewerName;
    readonly data: unknown;
    readonly id?: string;
}
/** The server's own rule: a pattern ends in a star after a separator, or is one. */
export declare const wants: (events: readonly string[] | undefined, event: string) => boolean;
export {};
