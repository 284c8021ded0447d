/** `match`: one arm per event name. */
import type { Names, NewerName } from "./pattern.js";
type Tagged = {
    readonly event: string;
};
type Arms<Event extends Tagged> = {
    readonly [Name in Exclude<Event["event"], NewerName>]: (event: Extract<Event, {
        readonly event: Name;
    }>) => unknown;
};
type Rest<Event extends Tagged> = Partial<Arms<Event>> & {
    readonly _: (event: Event) => unknown;
};
/**
 * All arms, or some and `_`. Over all events of a package, and over those of a pattern, only the latter, so that a new
 * event breaks nobody.
 */
type Enough<EventMap, Event extends Tagged> = [Names<EventMap>] extends [Event["event"]] ? Rest<Event> : [NewerName] extends [Event["event"]] ? Rest<Event> : Arms<Event> | Rest<Event>;
/** An arm that can never be called is a misspelt one. */
type Stray<Event extends Tagged, Table> = {
    readonly [Name in Exclude<keyof Table, Event["event"] | "_">]: never;
};
type Result<Table> = {
    [Name in keyof Table]: Table[Name] extends (event: never) => infer Value ? Value : never;
};
export type Match<EventMap> = <Event extends {
    readonly event: Names<EventMap> | NewerName;
}, Table extends Enough<EventMap, Event>>(event: Event, arms: Table & Stray<Event, Table>) => Result<Table>[keyof Table];
export declare const match: Match<Record<string, unknown>>;
export {};
