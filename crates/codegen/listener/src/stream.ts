/** `connect()` and the stream that it returns: from frames to typed events. */
import { type Address, type Connection, openConnection, type Settings } from "./connection.js";
import { control } from "./control.js";
import { ANY, dispatcher, GAP, UNKNOWN, type Unsubscribe } from "./dispatcher.js";
import type { Environment } from "./environment.js";
import type { ControlEventMap, ControlName, Frame, Gap } from "./frame.js";
import type { Contract, Finding } from "./known.js";
import { loop } from "./loop.js";
import { type Meant, type Names, type Newer, type Pattern, wants } from "./pattern.js";
import { type StateStore, stateStore } from "./state.js";
import type { AnyName, Subscription } from "./transport.js";

/** An event as a handler gets it; over several names a union that `event` tells apart. */
export type EventOf<EventMap, Name extends keyof EventMap = keyof EventMap> = {
  [Key in Name]: { readonly event: Key; readonly data: EventMap[Key]; readonly id?: string };
}[Name];

/**
 * What the contracts of this page do not know: a newer event's name, or data that is not JSON. With `validate` also what a
 * payload holds beyond its contract, or against it; such an event is delivered all the same.
 */
export interface Unknown extends Frame, Partial<Pick<Finding, "path" | "message">> {
  readonly reason: "name" | "json" | Finding["reason"];
}

export type Handler<Value> = (value: Value) => unknown;

export interface Stream<EventMap, Name extends Names<EventMap> = Names<EventMap>, Other = never>
  extends AsyncIterable<EventOf<EventMap, Name> | Other> {
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
export type Hears<EventMap, Name extends Names<EventMap>> = Pick<
  Stream<EventMap, Name, unknown>,
  "state" | "lastEventId" | "on" | "onGap" | "onUnknown" | "close"
>;

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
  (
    url: Address,
    options: Options<Names<EventMap>> & { readonly events?: undefined; readonly transport: AnyName },
  ): Stream<EventMap>;
  <const Name extends Names<EventMap>>(
    url: Address,
    options: Options<NoInfer<Name>> & { readonly events: readonly Name[] },
  ): Stream<EventMap, Name>;
  /** Patterns such as `order.*`: what a native `EventSource` cannot hear, so they take another transport, too. */
  <const Wanted extends Names<EventMap> | Pattern<EventMap>>(
    url: Address,
    options: Options<Meant<EventMap, NoInfer<Wanted>>> & {
      readonly events: readonly Wanted[];
      readonly transport: AnyName;
    },
  ): Stream<EventMap, Meant<EventMap, Wanted>, Newer>;
}

/** Binds `connect` to the events of one package. */
export const bind = <EventMap>(page: Pick<Subscription, "catalog" | "version"> = {}): Connect<EventMap> =>
  ((url: Address, options: OpenOptions) => open(url, options, page)) as unknown as Connect<EventMap>;

type OpenOptions = Options & { readonly events?: readonly string[] };
type AnyMap = Record<string, unknown>;

const open = (url: Address, options: OpenOptions, page: Subscription): Stream<AnyMap> => {
  const { events, channel, until, environment = globalThis as unknown as Environment } = options;
  const handlers = dispatcher(environment);
  const state = stateStore(handlers);
  let unknownCount = 0;

  const tell = (frame: Frame, finding: Pick<Unknown, "reason">) => {
    unknownCount++;
    handlers.emit(UNKNOWN, { ...frame, ...finding });
  };

  const obey = control((gap) => handlers.emit(GAP, gap));

  const receive = (frame: Frame) => {
    const { event, id } = frame;
    let data: unknown;
    try {
      data = JSON.parse(frame.data);
    } catch {
      return tell(frame, { reason: "json" });
    }
    const message = { event, data, ...(id && { id }) };
    if (event.startsWith("growset.")) obey(event, Object(data), connection);
    else if (!wants(events, event)) return tell(frame, { reason: "name" });
    else {
      for (const contract of options.validate ?? [])
        if (contract.event === event) for (const finding of contract.inspect(data)) tell(frame, finding);
      handlers.emit(ANY, message);
    }
    handlers.emit(event, message);
    if (event === until) close("terminal");
  };

  const subscription = { events, channel, until, ...page };
  const connection: Connection = openConnection(url, subscription, options, environment, state, receive);

  const close = (reason: string) => connection.lose(reason, 0, "closed");

  // To ask for no names would be to ask for all. Nothing has left yet.
  if (events && !events.length) close("no events");

  const stream: Stream<AnyMap> = {
    state,
    get lastEventId() {
      return connection.lastEventId();
    },
    get unknownCount() {
      return unknownCount;
    },
    on: (name: string, handler: Handler<never>) => handlers.add(name, handler),
    onAny: (handler) => handlers.add(ANY, handler),
    onUnknown: (handler) => handlers.add(UNKNOWN, handler),
    onGap: (handler) => handlers.add(GAP, handler),
    close: () => close("closed"),
    [Symbol.asyncIterator]: () => loop(handlers, state, stream.close),
  };
  return stream;
};
