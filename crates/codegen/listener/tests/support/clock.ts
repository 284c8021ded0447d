/** An environment whose time stands still until a test moves it, and whose chance is always the same. */
import type { Environment } from "../../src/environment.js";

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

export class Clock implements Environment {
  time = 1_700_000_000_000;
  chance = 0.5;
  readonly timers = new Map<number, Timer>();
  readonly reported: unknown[] = [];
  readonly Date = { now: () => this.time };
  readonly Math = { random: () => this.chance };
  EventSource?: Environment["EventSource"];
  BroadcastChannel?: Environment["BroadcastChannel"];
  navigator?: NonNullable<Environment["navigator"]>;
  fetch: Environment["fetch"] = (url, request) => globalThis.fetch(url, request);
  private readonly target = new EventTarget();
  private count = 0;

  setTimeout = (run: () => void, milliseconds: number): number => {
    this.timers.set(++this.count, { at: this.time + milliseconds, run });
    return this.count;
  };

  clearTimeout = (timer: unknown): void => {
    this.timers.delete(timer as number);
  };

  addEventListener = (type: string, run: () => void, settings: { signal: AbortSignal }): void =>
    this.target.addEventListener(type, run, settings);

  reportError = (error: unknown): void => {
    this.reported.push(error);
  };

  /** As the browser does on going offline and online, and when the page is put into the back/forward cache and taken out. */
  announce(type: "offline" | "online" | "pagehide" | "pageshow"): void {
    this.target.dispatchEvent(new Event(type));
  }

  /** How long until the next timer, as seen from now. */
  get nextIn(): number | undefined {
    const times = [...this.timers.values()].map(({ at }) => at - this.time);
    return times.length ? Math.min(...times) : undefined;
  }

  /** Moves time on and runs what falls due, in order. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds;
    for (;;) {
      await settle();
      const due = [...this.timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      this.timers.delete(due[0]);
      this.time = Math.max(this.time, due[1].at);
      due[1].run();
    }
    this.time = end;
    await settle();
  }

  /** A page that was frozen: time went by, no timer ran. */
  sleep(milliseconds: number): void {
    this.time += milliseconds;
  }

  /** Somebody set the clock back. Timers go by another one. */
  setBack(milliseconds: number): void {
    this.time -= milliseconds;
    for (const [timer, { at, run }] of this.timers) this.timers.set(timer, { at: at - milliseconds, run });
  }
}

/** Lets every promise that can go on do so. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};
