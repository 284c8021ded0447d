/** What the tabs of one browser share: Web Locks and BroadcastChannels, both delivered in turn and not at once. */
import { Clock } from "./clock.js";
import { sources } from "./source.js";

interface Request {
  readonly tab: Tab;
  readonly run: () => Promise<unknown>;
  readonly reject: (error: unknown) => void;
  readonly resolve: (value: unknown) => void;
}

export class Browser {
  private readonly held = new Map<string, Request>();
  private readonly queue = new Map<string, Request[]>();
  readonly channels = new Set<Channel>();
  readonly tabs: Tab[] = [];

  tab(): Tab {
    const tab = new Tab(this);
    this.tabs.push(tab);
    return tab;
  }

  request(tab: Tab, name: string, settings: LockOptions, run: () => Promise<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const request = { tab, run, resolve, reject };
      if (settings.steal) {
        if (settings.signal) throw new DOMException("steal and signal", "NotSupportedError");
        this.held.get(name)?.reject(new DOMException("stolen", "AbortError"));
        return this.grant(name, request);
      }
      const waiting = this.queue.get(name) ?? [];
      this.queue.set(name, waiting);
      waiting.push(request);
      settings.signal?.addEventListener("abort", () => {
        const at = waiting.indexOf(request);
        if (at >= 0) waiting.splice(at, 1);
        reject(settings.signal?.reason);
      });
      queueMicrotask(() => this.advance(name));
    });
  }

  private grant(name: string, request: Request): void {
    this.held.set(name, request);
    Promise.resolve(request.run()).then((value) => {
      request.resolve(value);
      if (this.held.get(name) === request) this.release(name);
    });
  }

  private release(name: string): void {
    this.held.delete(name);
    queueMicrotask(() => this.advance(name));
  }

  private advance(name: string): void {
    if (this.held.has(name)) return;
    const next = this.queue.get(name)?.shift();
    if (next) this.grant(name, next);
  }

  /** The tab is gone without a word, as after a crash. */
  crash(tab: Tab): void {
    tab.frozen = true;
    for (const channel of this.channels) if (channel.tab === tab) this.channels.delete(channel);
    for (const [name, request] of this.held) if (request.tab === tab) this.release(name);
    for (const [name, waiting] of this.queue)
      this.queue.set(
        name,
        waiting.filter((request) => request.tab !== tab),
      );
  }
}

class Channel {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  constructor(
    readonly tab: Tab,
    readonly name: string,
  ) {
    tab.browser.channels.add(this);
  }

  postMessage(note: unknown): void {
    if (!this.tab.browser.channels.has(this)) throw new DOMException("closed", "InvalidStateError");
    if (this.tab.frozen) return;
    for (const other of this.tab.browser.channels)
      if (other !== this && other.name === this.name) {
        const data = structuredClone(note);
        queueMicrotask(() => other.tab.frozen || other.onmessage?.({ data }));
      }
  }

  close(): void {
    this.tab.browser.channels.delete(this);
  }
}

/** One tab: a clock of its own, sources of its own. */
export class Tab extends Clock {
  frozen = false;
  readonly native = sources();

  constructor(readonly browser: Browser) {
    super();
    const tab = this;
    this.chance = 0;
    this.EventSource = this.native.EventSource;
    this.BroadcastChannel = class extends Channel {
      constructor(name: string) {
        super(tab, name);
      }
    } as never;
    this.navigator = {
      locks: {
        request: (name: string, settings: LockOptions, run: () => Promise<unknown>) =>
          browser.request(tab, name, settings, run),
      } as never,
    };
  }
}
