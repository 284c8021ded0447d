/**
 * For tests of applications: payloads from the contracts' examples, and a server that lives in the test's own process.
 * What a test listens with is the real client; only `fetch` and chance are played, so nothing waits and nothing is guessed.
 */
import type { Environment } from "./environment.js";
import { fetchTransport } from "./fetch.js";
import type { Frame, Gap } from "./frame.js";
import { type Names, wants } from "./pattern.js";
import type { EventOf } from "./stream.js";
import type { Transport } from "./transport.js";

/** By event, the examples of its contract as listeners get them. */
export type Examples<EventMap> = { readonly [Name in Names<EventMap>]: readonly EventMap[Name][] };

export type Overrides<Data> = unknown extends Data ? unknown : { readonly [Key in keyof Data]?: Data[Key] };

export interface FakeServer<EventMap> {
  /** For `connect`: `connect(url, { events, ...server.options })`. Whatever the address, this server answers. */
  readonly options: { readonly transport: Transport; readonly environment: Environment };
  /** Answers a request as the server would: for libraries that play the network, such as MSW. */
  respond(request: Request): Promise<Response>;
  /** How many streams stand. */
  readonly open: number;
  /** Resolves once so many streams stand, one unless told. */
  connected(streams?: number): Promise<void>;
  /** Publishes an example with these fields in place of its own, to the streams that stand and to those that resume. */
  send<Name extends Names<EventMap>>(
    event: Name,
    overrides?: Overrides<EventMap[Name]>,
  ): EventOf<EventMap, Name>;
  /** Any frame whatever: a newer event, an id that came before, data that is no JSON. */
  sendFrame(frame: Frame): void;
  /** Tells every stream that events are missing. */
  gap(reason?: Gap["reason"]): void;
  /** Breaks every stream; they come back by themselves and miss nothing. */
  drop(): void;
  /** Says goodbye on every stream, as a server does that shuts down. */
  bye(retryMs?: number): void;
  /** Forgets its history: who resumes gets a gap. */
  forget(): void;
  /** Answers this status from now on, until `accept`, and breaks what stands. */
  refuse(status: number): void;
  accept(): void;
}

export interface Testing<EventMap> {
  /** An event as a handler gets it: the contract's example with these fields in place of its own. */
  fixture<Name extends Names<EventMap>>(
    event: Name,
    overrides?: Overrides<EventMap[Name]>,
  ): EventOf<EventMap, Name>;
  fakeServer(): FakeServer<EventMap>;
}

/** Binds both to the examples of one package. */
export const testing = <EventMap>(examples: Examples<EventMap>): Testing<EventMap> => {
  const all = examples as unknown as Readonly<Record<string, readonly unknown[]>>;
  let fixtures = 0;
  const make = (event: string, overrides: unknown, id: string) => {
    const example = structuredClone(all[event]?.[0]);
    const data =
      isObject(example) && isObject(overrides) ? { ...example, ...overrides } : (overrides ?? example);
    return { event, data, id };
  };
  return {
    fixture: (event: string, overrides?: unknown) => make(event, overrides, `fixture-${++fixtures}`),
    fakeServer: () => fakeServer(make),
  } as unknown as Testing<EventMap>;
};

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

interface Listener {
  readonly wanted: readonly string[] | undefined;
  write(frame: Frame): void;
  end(): void;
  abort(): void;
}

type Make = (event: string, overrides: unknown, id: string) => { event: string; data: unknown; id: string };

const fakeServer = (make: Make): FakeServer<Record<string, unknown>> => {
  const listeners = new Set<Listener>();
  /** What may be resumed, the ids dense: the first one follows `forgotten`. */
  let history: Frame[] = [];
  let forgotten = 0;
  let refusal: number | undefined;
  let waiting: { readonly streams: number; readonly resolve: () => void }[] = [];

  const control = (name: string, data: object) => ({ event: `growset.${name}`, data: JSON.stringify(data) });
  const tell = (frame: Frame) => {
    for (const listener of listeners)
      if (frame.event.startsWith("growset.") || wants(listener.wanted, frame.event)) listener.write(frame);
  };
  const last = () => forgotten + history.length;
  const every = (act: (listener: Listener) => void) => [...listeners].forEach(act);

  const greet = (listener: Listener, after: string | null) => {
    const at = Number(after?.replace("fake-", "") ?? Number.NaN) - forgotten;
    const isExact = at >= 0 && at <= history.length;
    const resume = after === null ? "new" : isExact ? "exact" : "gap";
    const missed = isExact ? history.slice(at) : [];
    // Who hears nothing but this resumes from here, as with the real one.
    const id = `fake-${isExact ? forgotten + at : last()}`;
    listener.write({ ...control("connected", { resume, pingMs: 15_000 }), id });
    if (resume === "gap") listener.write(control("gap", { reason: "unknown" }));
    for (const frame of missed) if (wants(listener.wanted, frame.event)) listener.write(frame);
  };

  const respond = async (request: Request): Promise<Response> => {
    if (refusal) return new Response(null, { status: refusal });
    const { searchParams } = new URL(request.url);
    const body = request.method === "POST" ? await request.json() : {};
    const wanted: readonly string[] | undefined = body.events ?? searchParams.get("events")?.split(",");
    const after = request.headers.get("last-event-id") ?? searchParams.get("lastEventId");
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        const listener = listen(controller, wanted);
        request.signal.addEventListener("abort", listener.abort);
        greet(listener, after);
      },
    });
    return new Response(stream, { headers: { "content-type": "text/event-stream" } });
  };

  const listen = (controller: ReadableStreamDefaultController<Uint8Array>, wanted: Listener["wanted"]) => {
    const encoder = new TextEncoder();
    const leave = (then: () => void) => () => {
      if (listeners.delete(listener)) then();
    };
    const listener: Listener = {
      wanted,
      write: ({ event, data, id }) =>
        controller.enqueue(encoder.encode(`${id ? `id: ${id}\n` : ""}event: ${event}\ndata: ${data}\n\n`)),
      // What was written before still arrives.
      end: leave(() => controller.close()),
      abort: leave(() => controller.error(new TypeError("aborted"))),
    };
    listeners.add(listener);
    const reached = waiting.filter(({ streams }) => listeners.size >= streams);
    waiting = waiting.filter((waiter) => !reached.includes(waiter));
    for (const { resolve } of reached) resolve();
    return listener;
  };

  const environment: Environment = {
    Date,
    // Without luck a page tries again at once.
    Math: { random: () => 0 },
    setTimeout: (run, milliseconds) => setTimeout(run, milliseconds),
    clearTimeout: (timer) => clearTimeout(timer as Parameters<typeof clearTimeout>[0]),
    fetch: (url, init) => respond(new Request(new URL(url, "http://fake"), init)),
  };

  return {
    options: { transport: fetchTransport(), environment },
    respond,
    get open() {
      return listeners.size;
    },
    connected: (streams = 1) =>
      new Promise((resolve) => {
        if (listeners.size >= streams) resolve();
        else waiting.push({ streams, resolve });
      }),
    send(name, overrides) {
      const event = make(name, overrides, `fake-${last() + 1}`);
      const frame = { event: name, data: JSON.stringify(event.data), id: event.id };
      history.push(frame);
      tell(frame);
      return event as never;
    },
    sendFrame: tell,
    gap: (reason = "lagged") => tell(control("gap", { reason })),
    drop: () => every(({ end }) => end()),
    bye(retryMs = 0) {
      tell(control("bye", { retryMs }));
      every(({ end }) => end());
    },
    forget() {
      forgotten = last() + 1000;
      history = [];
    },
    refuse(status) {
      refusal = status;
      every(({ end }) => end());
    },
    accept() {
      refusal = undefined;
    },
  };
};

/** What MSW's `http` has, as far as it is needed. */
interface MockHttp<Handler> {
  get(path: string, answer: (context: { readonly request: Request }) => Promise<Response>): Handler;
  post(path: string, answer: (context: { readonly request: Request }) => Promise<Response>): Handler;
}

/** Handlers for MSW: `setupServer(...mswHandlers(http, "/events", server))`. */
export const mswHandlers = <Handler>(
  http: MockHttp<Handler>,
  path: string,
  { respond }: Pick<FakeServer<never>, "respond">,
): Handler[] => {
  const answer = ({ request }: { readonly request: Request }) => respond(request);
  return [http.get(path, answer), http.post(path, answer)];
};
