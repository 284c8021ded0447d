/** A native `EventSource` that a test plays. */

export class Source extends EventTarget {
  readyState = 0;
  onerror: (() => void) | null = null;
  private lastEventId = "";

  constructor(
    readonly url: string,
    readonly settings: { readonly withCredentials: boolean },
  ) {
    super();
  }

  get query(): URLSearchParams {
    return new URL(this.url, "http://page").searchParams;
  }

  send(type: string, data: unknown, id?: string): void {
    if (this.readyState === 2) return;
    this.readyState = 1;
    if (id !== undefined) this.lastEventId = id;
    const text = typeof data === "string" ? data : JSON.stringify(data);
    this.dispatchEvent(new MessageEvent(type, { data: text, lastEventId: this.lastEventId }));
  }

  greet(greeting: object = { resume: "new" }): void {
    this.send("growset.connected", greeting);
  }

  /** The connection broke; the browser would try again by itself. */
  break(): void {
    this.readyState = 0;
    this.onerror?.();
  }

  /** An answer that is no stream: the browser gives up for good, and says nothing of the status. */
  refuse(): void {
    this.readyState = 2;
    this.onerror?.();
  }

  close(): void {
    this.readyState = 2;
  }
}

/** Makes sources and remembers them. */
export const sources = (): { made: Source[]; last: () => Source; EventSource: never } => {
  const made: Source[] = [];
  class Recorded extends Source {
    constructor(url: string, settings: { readonly withCredentials: boolean }) {
      super(url, settings);
      made.push(this);
    }
  }
  return {
    made,
    EventSource: Recorded as unknown as never,
    last: () => {
      const source = made.at(-1);
      if (!source) throw new Error("no source was made");
      return source;
    },
  };
};
