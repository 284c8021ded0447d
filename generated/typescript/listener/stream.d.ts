/** `connect()` and the stream that it returns: from frames to typed events. */
import { type Address, type Settings } from "./connection.js";
import { type Unsubscribe } from "./dispatcher.js";
import type { Environment } from "./environment.js";
import type { ControlEventMap, ControlName, Frame, Gap } from "./frame.js";
import type { Contract, Finding } from "./known.js";
import { type Meant, type Names, type Newer, type Pattern } from "./pattern.js";
import { type StateStore } from "./state.js";
import type { AnyName, Subscription } from "./transport.js";
/** An event as a handler gets it; over several names a union that `event` tells apart. */
export type EventOf<EventMap, Name extends keyof EventMap = keyof EventMap> = {
    [Key in Name]: {
        readonly event: Key;
        readonly data: EventMap[Key];
        readonly id?: string;
    };
}[Name];
/**
 * What the contracts of this page do not know: a newer event's name, or data that is not JSON. With `validate` also what a
 * payload holds beyond its contract, or against it; such an event is delivered all the same.
 */
export interface Unknown extends Frame, Partial<Pick<Finding, "path" | "message">> {
    readonly reason: "name" | "json" | Finding["reason"];
}
export type Handler<Value> = (value: Value) => unknown;
export interface Stream<EventMap, Name extends Names<EventMap> = Names<EventMap>, Other = never> extends AsyncIterable<EventOf<EventMap, Name> | Other> {
    readonly state: StateStore;
    /** The id to resume after. */
    readonly lastEventId: string;
    /** How often something was unknown so far. */
    readonly unknownCount: number;
    on<Key extends Name>(name: Key, handler: Handler<EventOf<EventMap, Key>>): Unsubscribe;
    on<Key extends ControlName>(name: Key, handler: Handler<EventOf<ControlEventMap, Key>>): Unsubscribe;
    /** Every event that this stream carries. */
    onAny(handler: Handler<EventOf<EventMap, Name> | Other>): Unsubscribe;
    onUnknown(handler: Handler<Unknown>): Unsubscribe;
    /** Events are missing: ask for the current state again. */
    onGap(handler: Handler<Gap>): Unsubscribe;
    close(): void;
    /**
     * A loop over the stream owns it: leaving the loop closes the stream. It ends when the stream does, and hears what comes
     * after it began: begin it where you connect.
     */
    [Symbol.asyncIterator](): AsyncIterableIterator<EventOf<EventMap, Name> | Other>;
}
/** Any stream that hears these events, whatever else it hears: what a component asks for that is given one. */
export type Hears<EventMap, Name extends Names<EventMap>> = Pick<Stream<EventMap, Name, unknown>, "state" | "lastEventId" | "on" | "onGap" | "onUnknown" | "close">;
export interface Options<Name extends string = string> extends Settings {
    readonly channel?: string | undefined;
    /** A terminal event: the stream closes once it came. */
    readonly until?: Name | undefined;
    /** Contracts of `./validate/<event>`: what they do not list, or refuse, goes to `onUnknown`. */
    readonly validate?: readonly Contract<Name>[] | undefined;
    readonly environment?: Environment | undefined;
}
export interface Connect<EventMap> {
    /** Every event. A native `EventSource` hears only names it was told, so this takes another transport. */
    (url: Address, options: Options<Names<EventMap>> & {
        readonly events?: undefined;
        readonly transport: AnyName;
    }): Stream<EventMap>;
    <const Name extends Names<EventMap>>(url: Address, options: Options<NoInfer<Name>> & {
        readonly events: readonly Name[];
    }): Stream<EventMap, Name>;
    /** Patterns such as `order.*`: what a native `EventSource` cannot hear, so they take another transport, too. */
    <const Wanted extends Names<EventMap> | Pattern<EventMap>>(url: Address, options: Options<Meant<EventMap, NoInfer<Wanted>>> & {
        readonly events: readonly Wanted[];
        readonly transport: AnyName;
    }): Stream<EventMap, Meant<EventMap, Wanted>, Newer>;
}
/** Binds `connect` to the events of one package. */
export declare const bind: <EventMap>(page?: Pick<Subscription, "catalog" | "version">) => Connect<EventMap>;
